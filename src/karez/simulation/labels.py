"""The label of one parcel, drawn as Chinese express labels look: 76 × 130 and 100 × 150 mm, thermal print."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from karez.simulation.companies import COMPANIES
from karez.simulation.fonts import UYGHUR_FACES
from karez.simulation.label_words import LabelWords, write_words
from karez.simulation.planned import PlannedParcel
from karez.simulation.sheet import BLACK, WHITE, Sheet
from karez.simulation.symbols import QUIET_MODULES, code128, qr

MODULE_DOTS = 3  # printers of 203 dpi (8 dots/mm) print express codes three dots a module: 0.375 mm
_FORMATS_MM = ((76.0, 130.0), (100.0, 150.0))
_DOTS_PER_MM = (8.0, 7.5, 9.0)  # modules of 0.375, 0.4 and 0.333 mm
_MARGIN_MM = 3.0
_FOOTER_MM = 7.0
_SIDE_CODE_MM = 12.0  # what the code along the right edge takes, its number included


@dataclass(frozen=True, slots=True)
class Label:
    """A drawn label.

    Attributes
    ----------
    pixels
        Height × width × 3, red first.
    px_per_mm
        Resolution of the drawing.
    width_mm, height_mm
        Size of the label.
    """

    pixels: NDArray[np.uint8]
    px_per_mm: float
    width_mm: float
    height_mm: float


@dataclass(slots=True)
class _Layout:
    """The sheet, what to print on it, and how far down the print has come."""

    sheet: Sheet
    parcel: PlannedParcel
    words: LabelWords
    uyghur_face: str
    side_code: bool
    y_mm: float = 2.0

    @property
    def right_mm(self) -> float:
        return self.sheet.width_mm - _MARGIN_MM

    @property
    def width_mm(self) -> float:
        return self.sheet.width_mm - 2 * _MARGIN_MM


def draw_label(parcel: PlannedParcel, rng: np.random.Generator) -> Label:
    """Draw a parcel's label.

    Parameters
    ----------
    parcel
        What to print.
    rng
        Chooses format, resolution and all that the parcel leaves open; the same state draws the same label.

    Raises
    ------
    MissingPart
        A typeface is not installed.
    """
    width_mm, height_mm = _FORMATS_MM[int(rng.random() < 0.5)]
    dots_per_mm = _DOTS_PER_MM[int(rng.choice(3, p=(0.7, 0.15, 0.15)))]
    layout = _Layout(
        Sheet(width_mm, height_mm, dots_per_mm),
        parcel,
        write_words(parcel, rng),
        UYGHUR_FACES[int(rng.integers(len(UYGHUR_FACES)))],
        side_code=bool(rng.random() < 0.6),
    )
    for part in (_head, _main_code, _sort_code, _bagging, _recipient, _sender, _lower_part, _footer):
        part(layout)
    return Label(layout.sheet.pixels(), dots_per_mm, width_mm, height_mm)


def _head(layout: _Layout) -> None:
    """Company, service and the tiny print time."""
    company, sheet = COMPANIES[layout.parcel.company], layout.sheet
    sheet.block((_MARGIN_MM, layout.y_mm + 0.8, _MARGIN_MM + 5.4, layout.y_mm + 6.2), BLACK)
    sheet.text((_MARGIN_MM + 2.7, layout.y_mm + 3.5), company.latin[0], 5, "zh-bold", WHITE, "mm")
    after = sheet.text((_MARGIN_MM + 7, layout.y_mm), company.title, 5, "zh-bold")
    sheet.text((_MARGIN_MM + 8.5 + after, layout.y_mm + 3), company.latin, 2.4, "zh-bold")
    service = "特快" if layout.parcel.service == "express" else "标快"
    sheet.text((layout.right_mm, layout.y_mm - 0.4), service, 4.4, "zh-bold", anchor="ra")
    sheet.text((layout.right_mm, layout.y_mm + 5), layout.words.printed_at, 1.9, anchor="ra")
    layout.y_mm += 8


def _main_code(layout: _Layout) -> None:
    """Print Code 128 across the width, its number beneath."""
    sheet, modules = layout.sheet, code128(layout.parcel.waybill)
    sheet.rule(layout.y_mm, _MARGIN_MM, layout.right_mm)
    length_mm = len(modules) * MODULE_DOTS / sheet.dots_per_mm
    height_mm = 12 if sheet.width_mm < 90 else 16
    sheet.bars(((sheet.width_mm - length_mm) / 2, layout.y_mm + 1.6), modules, MODULE_DOTS, height_mm)
    number_at = (sheet.width_mm / 2, layout.y_mm + 2 + height_mm)
    sheet.text(number_at, _grouped(layout.parcel.waybill), 3.8, "zh-bold", anchor="ma")
    layout.y_mm += height_mm + 7.2


def _sort_code(layout: _Layout) -> None:
    """Print the three-segment code in very large bold figures; nothing where the parcel has none."""
    if layout.parcel.sort_code is None:
        return
    height_mm = 10 if layout.sheet.width_mm < 90 else 12
    layout.sheet.rule(layout.y_mm, _MARGIN_MM, layout.right_mm)
    at = (_MARGIN_MM, layout.y_mm + 1.6)
    layout.sheet.figures(at, layout.parcel.sort_code, layout.width_mm, height_mm)
    layout.y_mm += height_mm + 3.2


def _bagging(layout: _Layout) -> None:
    """Print the boxed 集 with its bagging place, and the relay number white on black."""
    sheet, y_mm = layout.sheet, layout.y_mm
    sheet.rule(y_mm, _MARGIN_MM, layout.right_mm)
    sheet.frame((_MARGIN_MM, y_mm + 1, _MARGIN_MM + 5, y_mm + 6))
    sheet.text((_MARGIN_MM + 2.5, y_mm + 3.5), "集", 4, "zh-bold", anchor="mm")
    sheet.text((_MARGIN_MM + 6.2, y_mm + 3.5), layout.words.bagging + "中转包", 3.4, "zh-bold", anchor="lm")
    left_mm = sheet.width_mm * 0.47
    sheet.block((left_mm, y_mm + 1, left_mm + 11.6, y_mm + 6), BLACK)
    sheet.text((left_mm + 5.8, y_mm + 3.5), "安全号码", 2.6, "zh-bold", WHITE, "mm")
    em_mm = sheet.fitting_em(layout.words.relay, layout.right_mm - left_mm - 12.6, 3)
    sheet.text((left_mm + 12.4, y_mm + 3.5), layout.words.relay, em_mm, anchor="lm")
    layout.y_mm += 7


def _recipient(layout: _Layout) -> None:
    """收: masked name and phone, then the address in bold."""
    layout.sheet.rule(layout.y_mm, _MARGIN_MM, layout.right_mm)
    top_mm = layout.y_mm
    em_mm = 3.7 if layout.sheet.width_mm < 90 else 4.2
    left_mm = _mark(layout, "收", em_mm * 1.5)
    right_mm = layout.right_mm - (_SIDE_CODE_MM if layout.side_code else 0)
    layout.y_mm += 1
    _name_and_phone(layout, left_mm, em_mm)
    layout.y_mm += em_mm * 1.45
    for part in layout.parcel.address.split("\n"):
        _address_lines(layout, part, (left_mm, right_mm), em_mm)
    layout.y_mm = max(layout.y_mm + 0.8, top_mm + 14)


def _name_and_phone(layout: _Layout, left_mm: float, em_mm: float) -> None:
    sheet, name = layout.sheet, layout.words.recipient
    if layout.parcel.script == "ug":
        width_mm = sheet.width_of(name, em_mm, layout.uyghur_face)
        sheet.uyghur((left_mm + width_mm, layout.y_mm), name, em_mm, layout.uyghur_face)
    else:
        width_mm = sheet.text((left_mm, layout.y_mm), name, em_mm, "zh-bold")
    sheet.text((left_mm + width_mm + 3, layout.y_mm), layout.words.recipient_phone, em_mm, "zh-bold")


def _address_lines(layout: _Layout, words: str, edges_mm: tuple[float, float], em_mm: float) -> None:
    left_mm, right_mm = edges_mm
    uyghur = _is_uyghur(words)
    face = layout.uyghur_face if uyghur else "zh-bold"
    for line in _wrapped(layout.sheet, words, right_mm - left_mm, em_mm, face):
        if uyghur:
            layout.sheet.uyghur((right_mm, layout.y_mm), line, em_mm * 1.1, face)
        else:
            layout.sheet.text((left_mm, layout.y_mm), line, em_mm, face)
        layout.y_mm += em_mm * (1.6 if uyghur else 1.4)


def _sender(layout: _Layout) -> None:
    """寄: the sender, smaller."""
    sheet, words = layout.sheet, layout.words
    right_mm = layout.right_mm - (_SIDE_CODE_MM if layout.side_code else 0)
    sheet.rule(layout.y_mm, _MARGIN_MM, right_mm)
    left_mm = _mark(layout, "寄", 4.2)
    sheet.text((left_mm, layout.y_mm + 0.8), f"{words.sender}  {words.sender_phone}", 2.5)
    for row, line in enumerate(_wrapped(sheet, words.sender_address, right_mm - left_mm, 2.5, "zh")):
        sheet.text((left_mm, layout.y_mm + 4.2 + row * 3.4), line, 2.5)
    layout.y_mm += 11


def _lower_part(layout: _Layout) -> None:
    """Print the QR code, goods, order number, shop and warning; the code again, turned, along the right edge."""
    sheet, words = layout.sheet, layout.words
    right_mm = layout.right_mm - (_SIDE_CODE_MM if layout.side_code else 0)
    sheet.rule(layout.y_mm, _MARGIN_MM, right_mm)
    side_mm = sheet.matrix((_MARGIN_MM + 1.5, layout.y_mm + 2), qr(words.qr_payload), _qr_dots(layout))
    left_mm = _MARGIN_MM + side_mm + 4
    lines = (f"数量:1  {words.goods}", f"订单:{words.order_number}", words.shop, f"打印 {words.printed_at[:10]}")
    for row, line in enumerate(lines):
        em_mm = sheet.fitting_em(line, right_mm - left_mm, 2.8)
        sheet.text((left_mm, layout.y_mm + 2 + row * 4.1), line, em_mm)
    _warning(layout, layout.y_mm + max(side_mm, 4.1 * len(lines)) + 3.5, right_mm)
    if layout.side_code:
        _side_code(layout)


def _warning(layout: _Layout, y_mm: float, right_mm: float) -> None:
    """Print the warning sentence and the stamp of inspection, where there is room for them."""
    if y_mm > layout.sheet.height_mm - _FOOTER_MM - 9:
        return
    layout.sheet.rule(y_mm, _MARGIN_MM, right_mm)
    room_mm = right_mm - _MARGIN_MM
    text = "请当面验货后签收,如有破损请拒收并拨打服务热线"
    layout.sheet.text((_MARGIN_MM, y_mm + 1), text, layout.sheet.fitting_em(text, room_mm, 2.4))
    layout.sheet.frame((_MARGIN_MM, y_mm + 4.6, _MARGIN_MM + 11, y_mm + 8.6))
    layout.sheet.text((_MARGIN_MM + 5.5, y_mm + 6.6), "已验视", 2.8, "zh-bold", anchor="mm")
    layout.sheet.text((right_mm - 1, y_mm + 6.6), "签收人/时间:", 2.4, anchor="rm")


def _qr_dots(layout: _Layout) -> int:
    """Give the module size in dots, so that the code is about 20 mm wide, or what the room above the footer allows."""
    room_mm = layout.sheet.height_mm - _FOOTER_MM - layout.y_mm - 4
    modules = len(qr(layout.words.qr_payload))
    return max(3, min(6, int(min(room_mm, 20) * layout.sheet.dots_per_mm / modules)))


def _side_code(layout: _Layout) -> None:
    sheet, modules = layout.sheet, code128(layout.parcel.waybill)
    length_mm = len(modules) * MODULE_DOTS / sheet.dots_per_mm
    quiet_mm = QUIET_MODULES * MODULE_DOTS / sheet.dots_per_mm
    bottom_mm = sheet.height_mm - _FOOTER_MM - quiet_mm
    sheet.bars((layout.right_mm - 7, bottom_mm - length_mm), modules, MODULE_DOTS, 7, turned=True)
    beside = (layout.right_mm - 9.2, bottom_mm - length_mm / 2)
    sheet.text_turned(beside, _grouped(layout.parcel.waybill), 2.8, "zh-bold")


def _footer(layout: _Layout) -> None:
    """Print the pre-printed colour band with the hotline."""
    sheet, company = layout.sheet, COMPANIES[layout.parcel.company]
    top_mm = sheet.height_mm - _FOOTER_MM + 1.5
    sheet.block((0, top_mm, sheet.width_mm, sheet.height_mm), company.colour)
    sheet.text((_MARGIN_MM, top_mm + 2.7), company.title, 3, "zh-bold", WHITE, "lm")
    sheet.text((layout.right_mm, top_mm + 2.7), f"服务热线 {company.hotline}", 2.6, "zh", WHITE, "rm")


def _mark(layout: _Layout, sign: str, em_mm: float) -> float:
    """Print the 收 or 寄 in front of a block; returns where the block's text starts."""
    layout.sheet.text((_MARGIN_MM, layout.y_mm + 1), sign, em_mm, "zh-bold")
    return _MARGIN_MM + em_mm + 1.2


def _wrapped(sheet: Sheet, words: str, width_mm: float, em_mm: float, face: str) -> list[str]:
    """Break a text into lines: at spaces where it has letters that join into words, anywhere in Chinese."""
    spaced = _is_uyghur(words) or words.isascii()
    lines, line = [], ""
    for piece in words.split(" ") if spaced else words:
        longer = f"{line} {piece}" if spaced and line else line + piece
        if line and sheet.width_of(longer, em_mm * (1.1 if _is_uyghur(words) else 1.0), face) > width_mm:
            lines.append(line)
            longer = piece
        line = longer
    return [*lines, line]


def _is_uyghur(words: str) -> bool:
    return any("\u0600" <= letter <= "\u06ff" for letter in words)


def _grouped(waybill: str) -> str:
    """Print a number in groups of four from its end, as labels do."""
    head = len(waybill) % 4
    groups = [waybill[:head]] if head else []
    return " ".join(groups + [waybill[at : at + 4] for at in range(head, len(waybill), 4)])
