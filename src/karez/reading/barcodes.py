"""The cascade that decodes codes: the upright label first, then each group of bars by itself, the whole picture last.

Each stage costs more and finds less; the caller stops it as soon as what was found suffices.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np
import zxingcpp

from karez.domain.reading import Box, Code
from karez.reading import close_looks, enhanced, gs1, perspective, profiles
from karez.reading.locating import Layout
from karez.reading.pictures import Grey
from karez.reading.soft_codes import soft_codes
from karez.reading.views import Region, View, cut, region_matrix, whole
from karez.reading.waybills import goods_code

_FORMAT = zxingcpp.BarcodeFormat
_OTHER_FORMATS = zxingcpp.BarcodeFormats(
    [
        _FORMAT.DataMatrix,
        _FORMAT.PDF417,
        _FORMAT.Code39,
        _FORMAT.Code93,
        _FORMAT.Aztec,
    ]
)
"""What else courier labels carry. The rest (goods codes, ITF with its weak check) are only read in the last stage."""
_FIRST_FORMATS = zxingcpp.BarcodeFormats([_FORMAT.Code128, _FORMAT.QRCode])  # nearly every label; 2 ms less
_TURNED_FORMATS = zxingcpp.BarcodeFormats([_FORMAT.Code128])
_MATRIX_FORMATS = zxingcpp.BarcodeFormats([_FORMAT.QRCode, _FORMAT.DataMatrix])
_BAR_FORMATS = zxingcpp.BarcodeFormats([_FORMAT.Code128, _FORMAT.Code39])
_AVERAGED_FORMATS = zxingcpp.BarcodeFormats([_FORMAT.Code128])
_ITEM_FORMATS = zxingcpp.BarcodeFormats([_FORMAT.EAN13, _FORMAT.EAN8, _FORMAT.UPCA])
_ALL_FORMATS = zxingcpp.BarcodeFormats([])  # none named: every one
_VIEW_PIXELS = 4_000_000  # a larger label is reduced for the first stage
_TILTED = 2  # labels that are laid flat
_FLAT_SCALE = 1.4  # makes up for what the tilt has shortened
_STEEP = 3.0  # times the least slant: less does not hinder soft decisions
_BAR_HEIGHT_PX = 160  # bars are sampled down to it: averaging more rows gains nothing

Stop = Callable[[Sequence[Code]], bool]


def cascade(picture: Grey, layout: Layout, enough: Stop, late: Callable[[], bool]) -> tuple[Code, ...]:
    """Decode until ``enough`` says that what was found suffices, or ``late`` that time is up.

    Returns
    -------
    All codes found, in the order of their finding, each once.
    """
    found: list[Code] = []
    for stage in _STAGES:
        for codes in stage(picture, layout):
            _merge(found, codes)
            # Every label is looked at once: two of them may contradict each other.
            if late() or (stage is not _labels and enough(found)):
                return tuple(found)
        if enough(found):
            return tuple(found)
    for codes in _close_looks(picture, layout, tuple(found)):
        _merge(found, codes)
        if late() or enough(found):
            return tuple(found)
    if not found:
        _merge(found, _enhanced(picture, layout, late))
    return tuple(found)


def _labels(picture: Grey, layout: Layout) -> Iterator[list[Code]]:
    """Scan across the bars of each label, which `Layout` lays along its width."""
    for label in layout.labels:
        yield _decode(_upright(picture, label), _FIRST_FORMATS, rotate=False)


def _turned_labels(picture: Grey, layout: Layout) -> Iterator[list[Code]]:
    """Scan the other way too: a code along the label's edge, or bars of the carton that misled."""
    for label in layout.labels:
        yield _decode(_upright(picture, label.turned(1)), _TURNED_FORMATS, rotate=False)


def _faint_labels(picture: Grey, layout: Layout) -> Iterator[list[Code]]:
    """Look at the label found just above the noise, where it is another than before."""
    for faint in layout.faint_labels[:1]:
        if not any(0.7 < label.area / faint.area < 1.4 for label in layout.labels[:1]):
            yield _decode(_upright(picture, faint), _FIRST_FORMATS)


def _other_formats(picture: Grey, layout: Layout) -> Iterator[list[Code]]:
    for label in layout.labels[:1]:
        yield _decode(_upright(picture, label), _OTHER_FORMATS)


def _upright(picture: Grey, label: Region) -> View:
    scale = min(1.0, (_VIEW_PIXELS / max(1.0, label.area)) ** 0.5)
    return cut(picture, label.padded(8, 8), scale)


def _bar_groups(picture: Grey, layout: Layout) -> Iterator[list[Code]]:
    for bars in layout.bars:
        yield decode_bars(picture, bars)


def _soft(picture: Grey, layout: Layout) -> Iterator[list[Code]]:
    """Weigh what no edge detector reads: bars of one pixel, out of focus, in motion."""
    label = layout.main_label
    if label is not None:
        yield from soft_codes(picture, label)


def _tilted(picture: Grey, layout: Layout) -> Iterator[list[Code]]:
    """Lay tilted labels flat: their bars are no longer parallel, nor at right angles to the scan."""
    for label in layout.labels[:_TILTED]:
        if perspective.is_tilted(layout, label):
            view = perspective.rectified(picture, layout, label, scale=_FLAT_SCALE)
            yield _decode(view, _FIRST_FORMATS)


def _tilted_soft(picture: Grey, layout: Layout) -> Iterator[list[Code]]:
    for label in layout.labels[:1]:
        if perspective.is_tilted(layout, label, _STEEP):
            view = perspective.rectified(picture, layout, label, scale=_FLAT_SCALE)
            rows, columns = view.pixels.shape
            whole_view = Region((columns - 1) / 2, (rows - 1) / 2, columns, rows, 0.0)
            for codes in soft_codes(view.pixels, whole_view):
                yield [replace(code, box=view.box(np.asarray(code.box, np.float64))) for code in codes]


def _close_looks(picture: Grey, layout: Layout, found: Sequence[Code]) -> Iterator[list[Code]]:
    """Enlarge each place that may be a code, where none was found so far."""
    for place in close_looks.places(layout, [code.box for code in found]):
        seen = [_decode(view, _ALL_FORMATS, invert=True) for view in close_looks.views(picture, place)]
        first = {(code.text, code.format): code for codes in reversed(seen) for code in codes}
        read = close_looks.believed([frozenset((code.text, code.format) for code in codes) for codes in seen])
        yield [replace(first[text, form], restored=form not in close_looks.CORRECTED) for text, form in read]


def _sharpened(picture: Grey, layout: Layout) -> Iterator[list[Code]]:
    """Enlarge and sharpen the label for small or soft 2D codes."""
    for label in layout.labels[:1]:
        scale = min(2.0, (_VIEW_PIXELS / max(1.0, label.area)) ** 0.5)
        view = cut(picture, label.padded(8, 8), scale, cubic=True)
        soft = cv2.GaussianBlur(view.pixels, (0, 0), 1.2 * scale)
        sharp = cv2.addWeighted(view.pixels, 2.5, soft, -1.5, 0)
        sharp_view = View(np.asarray(sharp, np.uint8), view.to_stored)
        yield _decode(sharp_view, _MATRIX_FORMATS, rotate=False)


def _whole_picture(picture: Grey, layout: Layout) -> Iterator[list[Code]]:
    """Scan the picture as it is, for every symbology: close-ups and photographs that hold no label."""
    codes = _decode(whole(picture), _ALL_FORMATS, thorough=True)
    yield codes
    if any(goods_code(code.format) for code in codes):
        yield [code for code in _with_add_on(picture) if code.text not in {other.text for other in codes}]


def _with_add_on(picture: Grey) -> list[Code]:
    """Read item codes together with the two or five figures beside them (magazines, books); UPC-E has none in use."""
    read = zxingcpp.read_barcodes(
        picture,
        formats=_ITEM_FORMATS,
        text_mode=zxingcpp.TextMode.Plain,
        ean_add_on_symbol=zxingcpp.EanAddOnSymbol.Read,
    )
    kept = [one for one in read if one.format.name != "UPCE"]
    return [Code(one.text, one.format.name, whole(picture).box(_corners(one.position))) for one in kept]


def _enhanced(picture: Grey, layout: Layout, late: Callable[[], bool]) -> list[Code]:
    """Let enhanced views vote, where nothing was read at all."""
    votes: Counter[tuple[str, str]] = Counter()
    boxes: dict[tuple[str, str], Code] = {}
    for view, binarizer in enhanced.looks(picture, layout.main_label):
        if late():
            break
        codes = {(code.text, code.format): code for code in _decode(view, _ALL_FORMATS, binarizer=binarizer)}
        votes.update(codes.keys())
        boxes = {**codes, **boxes}
    return [boxes[read] for read in enhanced.agreed(votes)]


_STAGES = (
    _labels,
    _turned_labels,
    _faint_labels,
    _tilted,
    _bar_groups,
    _soft,
    _tilted_soft,
    _other_formats,
    _sharpened,
    _whole_picture,
)
"""Each costs more than the one before, and finds less."""


def _decode(
    view: View,
    formats: zxingcpp.BarcodeFormats,
    rotate: bool = True,
    thorough: bool = False,
    invert: bool = False,
    binarizer: zxingcpp.Binarizer = zxingcpp.Binarizer.LocalAverage,
) -> list[Code]:
    """Scan a view; ``thorough`` also looks at smaller copies of it and for light codes on dark ground."""
    read = zxingcpp.read_barcodes(
        view.pixels,
        formats=formats,
        text_mode=zxingcpp.TextMode.Plain,
        binarizer=binarizer,
        try_rotate=rotate,
        try_downscale=thorough,
        try_invert=thorough or invert,
    )
    return [Code(one.text, one.format.name, view.box(_corners(one.position)), elements=_elements(one)) for one in read]


def _elements(one: zxingcpp.Barcode) -> gs1.Elements:
    return gs1.elements(one.text) if one.content_type is zxingcpp.ContentType.GS1 else ()


def _corners(position: zxingcpp.Position) -> list[tuple[int, int]]:
    """List the corners clockwise; the decoder lists those of a 1D code that it read backwards the other way round."""
    corners = position.top_left, position.top_right, position.bottom_right, position.bottom_left
    a, b, c, d = ((corner.x, corner.y) for corner in corners)
    clockwise = (c[0] - a[0]) * (d[1] - b[1]) - (c[1] - a[1]) * (d[0] - b[0]) >= 0
    return [a, b, c, d] if clockwise else [d, c, b, a]


def decode_bars(picture: Grey, bars: Region) -> list[Code]:
    """Decode one group of bars: as it is, enlarged, then averaged and sharpened, strip by strip, by vote."""
    margin = 0.06 * bars.width + 12
    region = Region(bars.x, bars.y, bars.width + 2 * margin, min(bars.height, _BAR_HEIGHT_PX), bars.angle_deg)
    view = cut(picture, region, 2.0, cubic=True)
    direct = _decode(view, _BAR_FORMATS, rotate=False)
    if direct:
        return direct
    votes = Counter(_averaged(cut(picture, region, 1.0, cubic=True).pixels))
    if not votes:
        return []
    (text, form, backwards), _ = votes.most_common(1)[0]
    return [Code(text, form, _bars_box(bars, backwards), restored=True)]


def _averaged(bars: Grey) -> Iterator[tuple[str, str, bool]]:
    """Yield what each strip gives, as (text, format, read backwards); a strip counts once."""
    for profile in profiles.strips(bars):
        for drawn in profiles.drawings(profile):
            read = zxingcpp.read_barcodes(
                drawn,
                formats=_AVERAGED_FORMATS,
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


def _bars_box(bars: Region, backwards: bool) -> Box:
    """Box of the bars, turned so that it begins where the code begins."""
    region = bars.turned(2) if backwards else bars
    size = [(0, 0), (region.width - 1, 0), (region.width - 1, region.height - 1), (0, region.height - 1)]
    return View(np.zeros((1, 1), np.uint8), region_matrix(region, 1.0)).box(size)


def _merge(found: list[Code], codes: Sequence[Code]) -> None:
    """Add what is new: the same text at another place is another print, at the same place it is the same code."""
    for code in codes:
        if not any(_same(code, other) for other in found):
            found.append(code)


def _same(code: Code, other: Code) -> bool:
    if code.text != other.text or code.format != other.format:
        return False
    x, y = np.mean(code.box, axis=0)
    (left, top), (right, bottom) = np.min(other.box, axis=0), np.max(other.box, axis=0)
    reach = 0.25 * max(right - left, bottom - top) + 4
    return bool(left - reach <= x <= right + reach and top - reach <= y <= bottom + reach)
