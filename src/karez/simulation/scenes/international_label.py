"""The label of a parcel from abroad: English, postal S10 number, sender above recipient, customs declaration CN 22."""

import numpy as np

from karez.simulation.companies import COMPANIES
from karez.simulation.fonts import UYGHUR_FACES
from karez.simulation.label_blocks import address_lines
from karez.simulation.label_layout import MARGIN_MM, Label, LabelStyle, Layout, printed_number
from karez.simulation.label_words import LabelWords, write_words
from karez.simulation.labels import MODULE_DOTS
from karez.simulation.planned import PlannedParcel
from karez.simulation.sheet import BLACK, WHITE, Sheet
from karez.simulation.symbols import code128, datamatrix, qr

_FORMATS_MM = ((100.0, 150.0), (100.0, 130.0))
_DOTS_PER_MM = 8.0
_NAMES = ("A. Karimov", "J. Miller", "S. Tanaka", "M. Hansen", "R. Patel", "D. Petrov", "L. Rossi", "K. Yılmaz")
_FROM = (
    "18 Orchard Road, Singapore 238839",
    "Hauptstr. 44, 60313 Frankfurt, Germany",
    "12 Abay Avenue, Almaty 050000, Kazakhstan",
    "7 Amir Temur St, Tashkent 100000, Uzbekistan",
    "2200 Harbor Blvd, Costa Mesa CA 92626, USA",
    "3-5-1 Sakae, Nagoya 460-0008, Japan",
)
_GOODS = (("Cotton T-shirt", "6109"), ("Phone case", "3926"), ("Books", "4901"), ("Toy car", "9503"), ("Tea", "0902"))


def draw_international(parcel: PlannedParcel, rng: np.random.Generator, style: LabelStyle) -> Label:
    """Draw a postal label for a parcel from abroad; arguments as of `labels.draw_label`."""
    drawn_mm = _FORMATS_MM[int(rng.integers(len(_FORMATS_MM)))]
    width_mm, height_mm = style.size_mm or drawn_mm
    words, side_code = write_words(parcel, rng), bool(rng.random() < 0.6)
    layout = Layout(
        Sheet(width_mm, height_mm, _DOTS_PER_MM),
        parcel,
        words,
        style,
        style.uyghur_face or UYGHUR_FACES[0],
        side_code if style.side_code is None else style.side_code,
    )
    _head(layout)
    _from(layout, rng)
    _to(layout, rng)
    _code(layout)
    _customs(layout, rng)
    _foot(layout)
    return Label(layout.sheet.pixels(), _DOTS_PER_MM, width_mm, height_mm, tuple(layout.lines))


def _head(layout: Layout) -> None:
    sheet, y_mm = layout.sheet, layout.y_mm
    sheet.block((MARGIN_MM, y_mm, MARGIN_MM + 17, y_mm + 8), BLACK)
    sheet.text((MARGIN_MM + 8.5, y_mm + 4), COMPANIES["ems"].latin, 6, "zh-bold", WHITE, "mm")
    sheet.text((MARGIN_MM + 19, y_mm - 0.4), "CHINA POST  中国邮政", 3.4, "zh-bold")
    sheet.text((MARGIN_MM + 19, y_mm + 4.4), "AIRMAIL · PAR AVION", 2.6)
    sheet.text((layout.right_mm, y_mm), layout.words.printed_at[:10], 2.4, anchor="ra")
    layout.y_mm += 9.5


def _from(layout: Layout, rng: np.random.Generator) -> None:
    sheet = layout.sheet
    sheet.rule(layout.y_mm, MARGIN_MM, layout.right_mm)
    sheet.text((MARGIN_MM, layout.y_mm + 1), f"FROM: {_NAMES[int(rng.integers(len(_NAMES)))]}", 2.6, "zh-bold")
    sheet.text((MARGIN_MM, layout.y_mm + 4.6), _FROM[int(rng.integers(len(_FROM)))], 2.6)
    layout.y_mm += 9


def _to(layout: Layout, rng: np.random.Generator) -> None:
    """Print the recipient: masked name and phone, the address in bold."""
    sheet, words, em_mm = layout.sheet, layout.words, 3.7 * layout.style.em_scale
    sheet.rule(layout.y_mm, MARGIN_MM, layout.right_mm)
    sheet.text((MARGIN_MM, layout.y_mm + 1), "TO:", em_mm, "zh-bold")
    left_mm = MARGIN_MM + 9
    sheet.text((left_mm, layout.y_mm + 1), f"{words.recipient}   Tel {words.recipient_phone}", em_mm)
    layout.y_mm += 1 + em_mm * 1.45
    address_lines(layout, layout.parcel.address, (left_mm, layout.right_mm), em_mm)
    layout.y_mm += 1.5


def _code(layout: Layout) -> None:
    """Print Code 128 with the number beneath."""
    _bars(layout, layout.y_mm + 2, 17)
    layout.y_mm += 27


def _bars(layout: Layout, y_mm: float, height_mm: float) -> None:
    sheet, modules = layout.sheet, code128(layout.parcel.waybill)
    length_mm = len(modules) * MODULE_DOTS / sheet.dots_per_mm
    sheet.rule(y_mm - 2, MARGIN_MM, layout.right_mm)
    sheet.bars(((sheet.width_mm - length_mm) / 2, y_mm), modules, MODULE_DOTS, height_mm)
    number = printed_number(layout.parcel.waybill, layout.style.number_form)
    sheet.text((sheet.width_mm / 2, y_mm + height_mm + 0.8), number, 4.2, "zh-bold", anchor="ma")


def _customs(layout: Layout, rng: np.random.Generator) -> None:
    """Print the customs declaration: a frame of small figures beside the two-dimensional code."""
    sheet, top = layout.sheet, layout.y_mm
    side_mm = _matrix(layout, layout.words)
    left = MARGIN_MM + (side_mm + 5 if side_mm else 0)
    goods, tariff = _GOODS[int(rng.integers(len(_GOODS)))]
    value, mass = int(rng.integers(4, 90)), float(rng.uniform(0.08, 1.9))
    sheet.rule(top, MARGIN_MM, layout.right_mm)
    sheet.frame((left, top + 2, layout.right_mm, top + 23))
    rows = (
        "CUSTOMS DECLARATION  CN 22",
        "Description    Qty   kg     USD    HS",
        f"{goods}    1   {mass:.2f}   {value}.00   {tariff}",
    )
    for row, words in enumerate((*rows, "[ ] Gift   [ ] Documents   [X] Merchandise", "Signature:")):
        sheet.text((left + 1.5, top + 3 + row * 3.9), words, sheet.fitting_em(words, layout.right_mm - left - 3, 2.7))
    layout.y_mm += 25


def _matrix(layout: Layout, words: LabelWords) -> float:
    """Print the two-dimensional code of the label's style; returns its side in mm."""
    matrix = layout.style.matrix
    if matrix == "none":
        return 0.0
    link = f"https://shop.example/s/{words.order_number[:7]}"
    symbol = (
        datamatrix(layout.parcel.waybill)
        if matrix == "datamatrix"
        else qr(link if matrix == "link" else words.qr_payload)
    )
    dots = max(3, min(6, int(19 * layout.sheet.dots_per_mm / len(symbol))))
    return layout.sheet.matrix((MARGIN_MM + 1.5, layout.y_mm + 3), symbol, dots)


def _foot(layout: Layout) -> None:
    """Print the slip for the courier: the code again, where there is room for it; a line to sign."""
    sheet = layout.sheet
    if layout.side_code and sheet.height_mm - layout.y_mm > 22:
        _bars(layout, layout.y_mm + 2, 10)
        layout.y_mm += 20
    if sheet.height_mm - layout.y_mm > 6:
        sheet.rule(layout.y_mm, MARGIN_MM, layout.right_mm)
        sheet.text((MARGIN_MM, layout.y_mm + 1.2), "Received by:                      Date:", 2.6)
