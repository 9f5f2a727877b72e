"""The label of one parcel, drawn as Chinese express labels look: 76 × 130 and 100 × 150 mm, thermal print."""

import numpy as np

from karez.simulation.companies import COMPANIES
from karez.simulation.fonts import UYGHUR_FACES
from karez.simulation.label_blocks import recipient_block, sender_block
from karez.simulation.label_layout import MARGIN_MM, Label, LabelStyle, Layout, printed_number
from karez.simulation.label_words import write_words
from karez.simulation.planned import PlannedParcel
from karez.simulation.sheet import BLACK, WHITE, Sheet
from karez.simulation.symbols import QUIET_MODULES, Modules, code128, datamatrix, qr

MODULE_DOTS = 3  # printers of 203 dpi (8 dots/mm) print express codes three dots a module: 0.375 mm
_FORMATS_MM = ((76.0, 130.0), (100.0, 150.0))
_DOTS_PER_MM = (8.0, 7.5, 9.0)  # modules of 0.375, 0.4 and 0.333 mm
_FOOTER_MM = 7.0
_SHOP_LINK = "https://shop.example/s/{number}"


def draw_label(parcel: PlannedParcel, rng: np.random.Generator, style: LabelStyle | None = None) -> Label:
    """Draw a parcel's label.

    Parameters
    ----------
    parcel
        What to print.
    rng
        Chooses format, resolution and all that the parcel leaves open; the same state draws the same label.
    style
        What of that is fixed; by default a label as the simulated day has them.

    Raises
    ------
    MissingPart
        A typeface is not installed.
    """
    style = style or LabelStyle()
    drawn_mm = _FORMATS_MM[int(rng.random() < 0.5)]
    width_mm, height_mm = style.size_mm or drawn_mm
    dots_per_mm = _DOTS_PER_MM[int(rng.choice(3, p=(0.7, 0.15, 0.15)))]
    words = write_words(parcel, rng)
    uyghur_face = UYGHUR_FACES[int(rng.integers(len(UYGHUR_FACES)))]
    side_code = bool(rng.random() < 0.6)
    layout = Layout(
        Sheet(width_mm, height_mm, dots_per_mm),
        parcel,
        words,
        style,
        style.uyghur_face or uyghur_face,
        side_code if style.side_code is None else style.side_code,
    )
    codes = (_sort_code, _main_code) if style.sort_code_first else (_main_code, _sort_code)
    for part in (_head, *codes, _bagging, recipient_block, sender_block, _lower_part, _footer):
        part(layout)
    return Label(layout.sheet.pixels(), dots_per_mm, width_mm, height_mm, tuple(layout.lines))


def _head(layout: Layout) -> None:
    """Company, service and the tiny print time."""
    company, sheet = COMPANIES[layout.parcel.company], layout.sheet
    sheet.block((MARGIN_MM, layout.y_mm + 0.8, MARGIN_MM + 5.4, layout.y_mm + 6.2), BLACK)
    sheet.text((MARGIN_MM + 2.7, layout.y_mm + 3.5), company.latin[0], 5, "zh-bold", WHITE, "mm")
    after = sheet.text((MARGIN_MM + 7, layout.y_mm), company.title, 5, "zh-bold")
    sheet.text((MARGIN_MM + 8.5 + after, layout.y_mm + 3), company.latin, 2.4, "zh-bold")
    service = "特快" if layout.parcel.service == "express" else "标快"
    sheet.text((layout.right_mm, layout.y_mm - 0.4), service, 4.4, "zh-bold", anchor="ra")
    sheet.text((layout.right_mm, layout.y_mm + 5), layout.words.printed_at, 1.9, anchor="ra")
    layout.y_mm += 8


def _main_code(layout: Layout) -> None:
    """Print Code 128 across the width, its number beneath."""
    sheet, modules = layout.sheet, code128(layout.parcel.waybill)
    sheet.rule(layout.y_mm, MARGIN_MM, layout.right_mm)
    length_mm = len(modules) * MODULE_DOTS / sheet.dots_per_mm
    height_mm = 12 if sheet.width_mm < 90 else 16
    sheet.bars(((sheet.width_mm - length_mm) / 2, layout.y_mm + 1.6), modules, MODULE_DOTS, height_mm)
    number_at = (sheet.width_mm / 2, layout.y_mm + 2 + height_mm)
    sheet.text(number_at, printed_number(layout.parcel.waybill, layout.style.number_form), 3.8, "zh-bold", anchor="ma")
    layout.y_mm += height_mm + 7.2


def _sort_code(layout: Layout) -> None:
    """Print the three-segment code in very large bold figures; nothing where the parcel has none."""
    if layout.parcel.sort_code is None:
        return
    height_mm = 10 if layout.sheet.width_mm < 90 else 12
    layout.sheet.rule(layout.y_mm, MARGIN_MM, layout.right_mm)
    at = (MARGIN_MM, layout.y_mm + 1.6)
    layout.sheet.figures(at, layout.parcel.sort_code, layout.width_mm, height_mm)
    layout.y_mm += height_mm + 3.2


def _bagging(layout: Layout) -> None:
    """Print the boxed 集 with its bagging place, and the relay number white on black."""
    sheet, y_mm = layout.sheet, layout.y_mm
    sheet.rule(y_mm, MARGIN_MM, layout.right_mm)
    sheet.frame((MARGIN_MM, y_mm + 1, MARGIN_MM + 5, y_mm + 6))
    sheet.text((MARGIN_MM + 2.5, y_mm + 3.5), "集", 4, "zh-bold", anchor="mm")
    left_mm = sheet.width_mm * 0.47
    place = layout.words.bagging + "中转包"
    em_mm = sheet.fitting_em(place, left_mm - MARGIN_MM - 7, 3.4, "zh-bold")
    sheet.text((MARGIN_MM + 6.2, y_mm + 3.5), place, em_mm, "zh-bold", anchor="lm")
    sheet.block((left_mm, y_mm + 1, left_mm + 11.6, y_mm + 6), BLACK)
    sheet.text((left_mm + 5.8, y_mm + 3.5), "安全号码", 2.6, "zh-bold", WHITE, "mm")
    em_mm = sheet.fitting_em(layout.words.relay, layout.right_mm - left_mm - 12.6, 3)
    sheet.text((left_mm + 12.4, y_mm + 3.5), layout.words.relay, em_mm, anchor="lm")
    layout.y_mm += 7


def _lower_part(layout: Layout) -> None:
    """Print the QR code, goods, order number, shop and warning; the code again, turned, along the right edge."""
    sheet, words = layout.sheet, layout.words
    right_mm = layout.block_right_mm
    sheet.rule(layout.y_mm, MARGIN_MM, right_mm)
    side_mm = _matrix(layout)
    left_mm = MARGIN_MM + side_mm + 4
    lines = (f"数量:1  {words.goods}", f"订单:{words.order_number}", words.shop, f"打印 {words.printed_at[:10]}")
    for row, line in enumerate(lines):
        em_mm = sheet.fitting_em(line, right_mm - left_mm, 2.8)
        sheet.text((left_mm, layout.y_mm + 2 + row * 4.1), line, em_mm)
    _warning(layout, layout.y_mm + max(side_mm, 4.1 * len(lines)) + 3.5, right_mm)
    if layout.side_code:
        _side_code(layout)


def _warning(layout: Layout, y_mm: float, right_mm: float) -> None:
    """Print the warning sentence and the stamp of inspection, where there is room for them."""
    if y_mm > layout.sheet.height_mm - _FOOTER_MM - 9:
        return
    layout.sheet.rule(y_mm, MARGIN_MM, right_mm)
    room_mm = right_mm - MARGIN_MM
    text = "请当面验货后签收,如有破损请拒收并拨打服务热线"
    layout.sheet.text((MARGIN_MM, y_mm + 1), text, layout.sheet.fitting_em(text, room_mm, 2.4))
    layout.sheet.frame((MARGIN_MM, y_mm + 4.6, MARGIN_MM + 11, y_mm + 8.6))
    layout.sheet.text((MARGIN_MM + 5.5, y_mm + 6.6), "已验视", 2.8, "zh-bold", anchor="mm")
    layout.sheet.text((right_mm - 1, y_mm + 6.6), "签收人/时间:", 2.4, anchor="rm")


def _matrix(layout: Layout) -> float:
    """Print the two-dimensional code of the label's style; returns its side, 0 where there is none."""
    symbol = _matrix_symbol(layout)
    if symbol is None:
        return 0.0
    at = (MARGIN_MM + 1.5, layout.y_mm + 2)
    return layout.sheet.matrix(at, symbol, _matrix_dots(layout, len(symbol)))


def _matrix_symbol(layout: Layout) -> Modules | None:
    words, parcel = layout.words, layout.parcel
    if layout.style.matrix == "none":
        return None
    if layout.style.matrix == "datamatrix":
        return datamatrix(parcel.waybill)
    return qr(_SHOP_LINK.format(number=words.order_number[:7]) if layout.style.matrix == "link" else words.qr_payload)


def _matrix_dots(layout: Layout, modules: int) -> int:
    """Give the module size in dots, so that the code is about 20 mm wide, or what the room above the footer allows."""
    room_mm = layout.sheet.height_mm - _FOOTER_MM - layout.y_mm - 4
    return max(3, min(6, int(min(room_mm, 20) * layout.sheet.dots_per_mm / modules)))


def _side_code(layout: Layout) -> None:
    sheet, modules = layout.sheet, code128(layout.parcel.waybill)
    length_mm = len(modules) * MODULE_DOTS / sheet.dots_per_mm
    quiet_mm = QUIET_MODULES * MODULE_DOTS / sheet.dots_per_mm
    bottom_mm = sheet.height_mm - _FOOTER_MM - quiet_mm
    sheet.bars((layout.right_mm - 7, bottom_mm - length_mm), modules, MODULE_DOTS, 7, turned=True)
    beside = (layout.right_mm - 9.2, bottom_mm - length_mm / 2)
    sheet.text_turned(beside, printed_number(layout.parcel.waybill, layout.style.number_form), 2.8, "zh-bold")


def _footer(layout: Layout) -> None:
    """Print the pre-printed colour band with the hotline."""
    sheet, company = layout.sheet, COMPANIES[layout.parcel.company]
    top_mm = sheet.height_mm - _FOOTER_MM + 1.5
    sheet.block((0, top_mm, sheet.width_mm, sheet.height_mm), company.colour)
    sheet.text((MARGIN_MM, top_mm + 2.7), company.title, 3, "zh-bold", WHITE, "lm")
    sheet.text((layout.right_mm, top_mm + 2.7), f"服务热线 {company.hotline}", 2.6, "zh", WHITE, "rm")
