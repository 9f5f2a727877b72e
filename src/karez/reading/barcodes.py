"""The cascade that decodes codes: the upright label first, then each group of bars by itself, the whole picture last.

Each stage costs more and finds less; the caller stops it as soon as what was found suffices.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np
import zxingcpp

from karez.domain.reading import Code
from karez.reading import bar_scans, close_looks, enhanced, perspective, qr_grid, symbologies
from karez.reading.locating import Layout
from karez.reading.pictures import Grey
from karez.reading.scans import ALL_FORMATS, corners, scan
from karez.reading.soft_codes import soft_codes
from karez.reading.views import Region, View, cut, parts, reduced, whole
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
_ITEM_FORMATS = zxingcpp.BarcodeFormats([_FORMAT.EAN13, _FORMAT.EAN8, _FORMAT.UPCA])
_VIEW_PIXELS = 4_000_000  # a larger label is reduced for the first stage
_WHOLE_PIXELS = 4_500_000  # scanned in one go
_TILTED = 2  # labels that are laid flat
_FLAT_SCALE = 1.4  # makes up for what the tilt has shortened
_STEEP = 3.0  # times the least slant: less does not hinder soft decisions

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
        if late() or enough(found):  # a stage may yield nothing
            return tuple(found)
    for look in (_any_bars, _close_looks):
        for codes in look(picture, layout, tuple(found)):
            _merge(found, codes)
            if late() or enough(found):
                return tuple(found)
    for codes in _qr_grids(picture, layout, found, late):
        _merge(found, codes)
        if late() or enough(found):
            return tuple(found)
    if not found:
        _merge(found, _enhanced(picture, layout, late))
    return tuple(found)


def _labels(picture: Grey, layout: Layout) -> Iterator[list[Code]]:
    """Scan across the bars of each label, which `Layout` lays along its width."""
    for label in layout.labels:
        yield _witnessed(scan(_upright(picture, label), _FIRST_FORMATS, rotate=False))


def _witnessed(codes: Sequence[Code]) -> list[Code]:
    """Leave out bars of which few rows told the number: other stages look at all of them.

    Two rows at the worn edge of a Code 128 agreed on a number whose check character is right by chance, one in 1,000
    pictures of condition typical; the rest of its bars said another.
    """
    return [code for code in codes if not code.restored]


def _turned_labels(picture: Grey, layout: Layout) -> Iterator[list[Code]]:
    """Scan the other way too: a code along the label's edge, or bars of the carton that misled."""
    for label in layout.labels:
        yield _witnessed(scan(_upright(picture, label.turned(1)), _TURNED_FORMATS, rotate=False))


def _faint_labels(picture: Grey, layout: Layout) -> Iterator[list[Code]]:
    """Look at the label found just above the noise, where it is another than before."""
    for faint in layout.faint_labels[:1]:
        if not any(0.7 < label.area / faint.area < 1.4 for label in layout.labels[:1]):
            yield _witnessed(scan(_upright(picture, faint), _FIRST_FORMATS))


def _other_formats(picture: Grey, layout: Layout) -> Iterator[list[Code]]:
    for label in layout.labels[:1]:
        yield scan(_upright(picture, label), _OTHER_FORMATS)


def _upright(picture: Grey, label: Region) -> View:
    scale = min(1.0, (_VIEW_PIXELS / max(1.0, label.area)) ** 0.5)
    return cut(picture, label.padded(8, 8), scale)


def _bar_groups(picture: Grey, layout: Layout) -> Iterator[list[Code]]:
    for bars in layout.bars:
        yield bar_scans.decode_bars(picture, bars)


def _soft(picture: Grey, layout: Layout) -> Iterator[list[Code]]:
    """Weigh what no edge detector reads: bars of one pixel, out of focus, in motion."""
    label = layout.main_label
    if label is not None and label.area < _VIEW_PIXELS:  # the bars of a larger one are not narrow
        yield from soft_codes(picture, label)


def _tilted(picture: Grey, layout: Layout) -> Iterator[list[Code]]:
    """Lay tilted labels flat: their bars are no longer parallel, nor at right angles to the scan."""
    for label in layout.labels[:_TILTED]:
        if perspective.is_tilted(layout, label):
            view = perspective.rectified(picture, layout, label, scale=_FLAT_SCALE)
            yield _witnessed(scan(view, _FIRST_FORMATS))


def _tilted_soft(picture: Grey, layout: Layout) -> Iterator[list[Code]]:
    for label in layout.labels[:1]:
        if perspective.is_tilted(layout, label, _STEEP):
            view = perspective.rectified(picture, layout, label, scale=_FLAT_SCALE)
            rows, columns = view.pixels.shape
            whole_view = Region((columns - 1) / 2, (rows - 1) / 2, columns, rows, 0.0)
            for codes in soft_codes(view.pixels, whole_view):
                yield [replace(code, box=view.box(np.asarray(code.box, np.float64))) for code in codes]


def _any_bars(picture: Grey, layout: Layout, found: Sequence[Code]) -> Iterator[list[Code]]:
    """Look at bars of which nothing was read so far for every symbology, light on dark as well."""
    for bars in close_looks.unread(layout.bars, found):
        yield bar_scans.decode_any_bars(picture, bars)


def _close_looks(picture: Grey, layout: Layout, found: Sequence[Code]) -> Iterator[list[Code]]:
    """Enlarge each place that may be a code, where none was found so far."""
    for place in close_looks.unread(close_looks.places(layout), found):
        seen = [scan(view, ALL_FORMATS, invert=True) for view in close_looks.views(picture, place)]
        first = {(code.text, code.format): code for codes in reversed(seen) for code in codes}
        readings = [frozenset((code.text, code.format) for code in codes) for codes in seen]
        yield [_restored(first[read]) for read in symbologies.believed_of_views(readings)]


def _qr_grids(picture: Grey, layout: Layout, found: Sequence[Code], late: Callable[[], bool]) -> Iterator[list[Code]]:
    """Lay the grid of a QR code over each place where none of the codes ``found`` by then stands."""
    for place in close_looks.square_places(layout):
        if close_looks.unread([place], found):
            yield qr_grid.decode(picture, place, late)


def _sharpened(picture: Grey, layout: Layout) -> Iterator[list[Code]]:
    """Enlarge and sharpen the label for small or soft 2D codes."""
    for label in layout.labels[:1]:
        scale = min(2.0, (_VIEW_PIXELS / max(1.0, label.area)) ** 0.5)
        view = cut(picture, label.padded(8, 8), scale, cubic=True)
        soft = cv2.GaussianBlur(view.pixels, (0, 0), 1.2 * scale)
        sharp = cv2.addWeighted(view.pixels, 2.5, soft, -1.5, 0)
        sharp_view = View(np.asarray(sharp, np.uint8), view.to_stored)
        yield scan(sharp_view, _MATRIX_FORMATS, rotate=False)


def _whole_picture(picture: Grey, layout: Layout) -> Iterator[list[Code]]:
    """Scan the picture as it is, for every symbology: close-ups and photographs that hold no label.

    A large one is scanned reduced, then part by part: noise of 12 megapixels takes two seconds in one go.
    """
    codes: list[Code] = []
    for view in _whole_views(picture):
        seen = scan(view, ALL_FORMATS, thorough=True)
        codes = [*codes, *seen]
        yield seen
    if any(goods_code(code.format) for code in codes):
        yield [code for code in _with_add_on(picture) if code.text not in {other.text for other in codes}]


def _whole_views(picture: Grey) -> Iterator[View]:
    yield reduced(picture, _WHOLE_PIXELS)
    if picture.size > _WHOLE_PIXELS:
        yield from parts(picture, _WHOLE_PIXELS)


def _with_add_on(picture: Grey) -> list[Code]:
    """Read item codes together with the two or five figures beside them (magazines, books); UPC-E has none in use."""
    read = zxingcpp.read_barcodes(
        picture,
        formats=_ITEM_FORMATS,
        text_mode=zxingcpp.TextMode.Plain,
        ean_add_on_symbol=zxingcpp.EanAddOnSymbol.Read,
    )
    kept = [one for one in read if one.format.name != "UPCE"]
    return [Code(one.text, one.format.name, whole(picture).box(corners(one.position))) for one in kept]


def _enhanced(picture: Grey, layout: Layout, late: Callable[[], bool]) -> list[Code]:
    """Let enhanced views vote, where nothing was read at all."""
    readings: list[frozenset[symbologies.Read]] = []
    first: dict[symbologies.Read, Code] = {}
    for view, binarizer in enhanced.looks(picture, layout.main_label):
        if late():
            break
        codes = {(code.text, code.format): code for code in scan(view, ALL_FORMATS, binarizer=binarizer)}
        readings.append(frozenset(codes))
        first = {**codes, **first}
    return [_restored(first[read]) for read in symbologies.believed_of_looks(readings)]


def _restored(code: Code) -> Code:
    """Say of bars that they had to be restored; error correction does not care."""
    return replace(code, restored=code.format not in symbologies.CORRECTED)


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
