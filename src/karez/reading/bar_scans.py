"""Decode one group of bars by itself: enlarged; then its rows averaged, sharpened and put to the vote."""

from collections.abc import Iterator, Sequence

import numpy as np
import zxingcpp

from karez.domain.reading import Box, Code
from karez.reading import profiles
from karez.reading.pictures import Grey
from karez.reading.scans import ALL_FORMATS, scan
from karez.reading.symbologies import Read, believed_of_strips
from karez.reading.views import Region, View, cut, region_matrix

_FORMAT = zxingcpp.BarcodeFormat
_FORMATS = zxingcpp.BarcodeFormats([_FORMAT.Code128, _FORMAT.Code39])
_AVERAGED_FORMATS = zxingcpp.BarcodeFormats([_FORMAT.Code128])  # its check character is not fooled by what sharpens
_HEIGHT_PX = 160  # bars are sampled down to it: averaging more rows gains nothing
_ENLARGED = 2.0
_LEAD = 2  # strips, where a symbology's check is weak or missing


def decode_bars(picture: Grey, bars: Region) -> list[Code]:
    """Decode bars of the symbologies that waybills use, dark on light."""
    seen = scan(_view(picture, bars, _ENLARGED), _FORMATS, rotate=False)
    direct = [code for code in seen if not code.restored]
    if direct:
        return direct
    return _voted(bars, list(_averaged(_view(picture, bars, 1.0).pixels, _AVERAGED_FORMATS)), lead=1)


def decode_any_bars(picture: Grey, bars: Region) -> list[Code]:
    """Decode bars of any symbology, light on dark too, by the vote of their strips and of the bars as they are."""
    plain, enlarged = _view(picture, bars, 1.0), _view(picture, bars, _ENLARGED)
    for sign in (0, 255):  # 255 ^ grey is its negative
        seen = View(np.asarray(enlarged.pixels ^ sign, np.uint8), enlarged.to_stored)
        direct = [((code.text, code.format), False) for code in scan(seen, ALL_FORMATS, rotate=False)[:1]]
        codes = _voted(bars, [*_averaged(np.asarray(plain.pixels ^ sign, np.uint8), ALL_FORMATS), *direct], lead=_LEAD)
        if codes:
            return codes
    return []


def _voted(bars: Region, strips: Sequence[tuple[Read, bool]], lead: int) -> list[Code]:
    read = believed_of_strips([read for read, _ in strips], lead)
    if read is None:
        return []
    backwards = next(backwards for other, backwards in strips if other == read)
    return [Code(*read, _box(bars, backwards), restored=True)]


def _view(picture: Grey, bars: Region, scale: float) -> View:
    """Show bars with their quiet zones."""
    margin = 0.06 * bars.width + 12
    region = Region(bars.x, bars.y, bars.width + 2 * margin, min(bars.height, _HEIGHT_PX), bars.angle_deg)
    return cut(picture, region, scale, cubic=True)


def _averaged(bars: Grey, formats: zxingcpp.BarcodeFormats) -> Iterator[tuple[Read, bool]]:
    """Yield what each strip gives, and whether it was read backwards; a strip counts once."""
    for profile in profiles.strips(bars):
        for drawn in profiles.drawings(profile):
            read = zxingcpp.read_barcodes(
                drawn,
                formats=formats,
                text_mode=zxingcpp.TextMode.Plain,
                binarizer=zxingcpp.Binarizer.FixedThreshold,
                try_rotate=False,
                try_downscale=False,
                try_invert=False,
            )
            if read:
                position = read[0].position
                yield (read[0].text, read[0].format.name), position.top_left.x > position.top_right.x
                break


def _box(bars: Region, backwards: bool) -> Box:
    """Box of the bars, turned so that it begins where the code begins."""
    region = bars.turned(2) if backwards else bars
    size = [(0, 0), (region.width - 1, 0), (region.width - 1, region.height - 1), (0, region.height - 1)]
    return View(np.zeros((1, 1), np.uint8), region_matrix(region, 1.0)).box(size)
