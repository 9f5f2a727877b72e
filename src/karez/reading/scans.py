"""One call of the decoder on one view; what it gives as codes whose boxes lie in the stored picture."""

import zxingcpp

from karez.domain.reading import Code
from karez.reading import gs1
from karez.reading.symbologies import few_rows
from karez.reading.views import View

ALL_FORMATS = zxingcpp.BarcodeFormats([])
"""None named: every one."""


def scan(
    view: View,
    formats: zxingcpp.BarcodeFormats,
    rotate: bool = True,
    thorough: bool = False,
    invert: bool = False,
    binarizer: zxingcpp.Binarizer = zxingcpp.Binarizer.LocalAverage,
) -> list[Code]:
    """Scan a view; ``thorough`` also looks at smaller copies of it and for light codes on dark ground.

    Bars of which only a thin strip was read count as restored: two rows may agree on something wrong.
    """
    read = zxingcpp.read_barcodes(
        view.pixels,
        formats=formats,
        text_mode=zxingcpp.TextMode.Plain,
        binarizer=binarizer,
        try_rotate=rotate,
        try_downscale=thorough,
        try_invert=thorough or invert,
    )
    return [_code(one, view) for one in read]


def _code(one: zxingcpp.Barcode, view: View) -> Code:
    box = view.box(corners(one.position))
    form = one.format.name
    return Code(one.text, form, box, elements=_elements(one), restored=few_rows(box, form))


def _elements(one: zxingcpp.Barcode) -> gs1.Elements:
    return gs1.elements(one.text) if one.content_type is zxingcpp.ContentType.GS1 else ()


def corners(position: zxingcpp.Position) -> list[tuple[int, int]]:
    """List the corners clockwise; the decoder lists those of a 1D code that it read backwards the other way round."""
    found = position.top_left, position.top_right, position.bottom_right, position.bottom_left
    a, b, c, d = ((corner.x, corner.y) for corner in found)
    clockwise = (c[0] - a[0]) * (d[1] - b[1]) - (c[1] - a[1]) * (d[0] - b[0]) >= 0
    return [a, b, c, d] if clockwise else [d, c, b, a]
