"""Decode one group of bars by itself: enlarged; then its rows averaged, sharpened and put to the vote."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import zxingcpp

from karez.domain.reading import Box, Code
from karez.reading import profiles
from karez.reading.pictures import Grey
from karez.reading.scans import ALL_FORMATS, scan
from karez.reading.views import Region, View, cut, region_matrix

_FORMAT = zxingcpp.BarcodeFormat
_FORMATS = zxingcpp.BarcodeFormats([_FORMAT.Code128, _FORMAT.Code39])
_AVERAGED_FORMATS = zxingcpp.BarcodeFormats([_FORMAT.Code128])  # its check character is not fooled by what sharpens
_HEIGHT_PX = 160  # bars are sampled down to it: averaging more rows gains nothing
_LEAD = 2  # strips by which a text leads, where a symbology's check is weak or missing
_FEWEST = 6  # characters: stripes of other things give shorter ones
_NO_CHECK = "UPCE"  # six figures: the add-on of a book is read as one


def decode_bars(picture: Grey, bars: Region) -> list[Code]:
    """Decode bars of the symbologies that waybills use, dark on light."""
    enlarged, plain = _views(picture, bars)
    direct = scan(enlarged, _FORMATS, rotate=False)
    if direct:
        return direct
    votes = Counter(_averaged(plain.pixels, _AVERAGED_FORMATS))
    return [_code(bars, *read) for read, _ in votes.most_common(1)]


def decode_any_bars(picture: Grey, bars: Region) -> list[Code]:
    """Decode bars of any symbology, light on dark too; believed where they are long and most strips say the same."""
    dark_on_light = _views(picture, bars)
    light_on_dark = [View(np.subtract(255, view.pixels, dtype=np.uint8), view.to_stored) for view in dark_on_light]
    for enlarged, plain in (dark_on_light, light_on_dark):
        direct = [code for code in scan(enlarged, ALL_FORMATS, rotate=False) if _telling(code.text, code.format)]
        if direct:
            return direct
        votes = Counter(_averaged(plain.pixels, ALL_FORMATS)).most_common(2)
        if votes and _telling(*votes[0][0][:2]) and votes[0][1] - sum(count for _, count in votes[1:]) >= _LEAD:
            return [_code(bars, *votes[0][0])]
    return []


def _telling(text: str, form: str) -> bool:
    return len(text) >= _FEWEST and form != _NO_CHECK


def _views(picture: Grey, bars: Region) -> tuple[View, View]:
    """Show bars enlarged, and as large as they are; with their quiet zones."""
    margin = 0.06 * bars.width + 12
    region = Region(bars.x, bars.y, bars.width + 2 * margin, min(bars.height, _HEIGHT_PX), bars.angle_deg)
    return cut(picture, region, 2.0, cubic=True), cut(picture, region, 1.0, cubic=True)


def _averaged(bars: Grey, formats: zxingcpp.BarcodeFormats) -> Iterator[tuple[str, str, bool]]:
    """Yield what each strip gives, as (text, format, read backwards); a strip counts once."""
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
                yield read[0].text, read[0].format.name, position.top_left.x > position.top_right.x
                break


def _code(bars: Region, text: str, form: str, backwards: bool) -> Code:
    return Code(text, form, _box(bars, backwards), restored=True)


def _box(bars: Region, backwards: bool) -> Box:
    """Box of the bars, turned so that it begins where the code begins."""
    region = bars.turned(2) if backwards else bars
    size = [(0, 0), (region.width - 1, 0), (region.width - 1, region.height - 1), (0, region.height - 1)]
    return View(np.zeros((1, 1), np.uint8), region_matrix(region, 1.0)).box(size)
