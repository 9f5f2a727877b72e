"""The blocks of people on a label: 收 with the recipient and the address in bold, 寄 with the sender, smaller."""

from karez.simulation.label_layout import MARGIN_MM, Layout, PrintedLine, is_uyghur, script_of
from karez.simulation.sheet import Sheet


def recipient_block(layout: Layout) -> None:
    """收: masked name and phone, then the address in bold."""
    layout.sheet.rule(layout.y_mm, MARGIN_MM, layout.right_mm)
    top_mm = layout.y_mm
    em_mm = (3.7 if layout.sheet.width_mm < 90 else 4.2) * layout.style.em_scale
    left_mm = _mark(layout, "收", em_mm * 1.5)
    layout.y_mm += 1
    _name_and_phone(layout, left_mm, em_mm)
    layout.y_mm += em_mm * 1.45
    for part in layout.parcel.address.split("\n"):
        address_lines(layout, part, (left_mm, layout.block_right_mm), em_mm)
    layout.y_mm = max(layout.y_mm + 0.8, top_mm + 14)


def _name_and_phone(layout: Layout, left_mm: float, em_mm: float) -> None:
    sheet, name = layout.sheet, layout.words.recipient
    if layout.parcel.script == "ug":
        width_mm = sheet.width_of(name, em_mm, layout.uyghur_face)
        sheet.uyghur((left_mm + width_mm, layout.y_mm), name, em_mm, layout.uyghur_face)
    else:
        width_mm = sheet.text((left_mm, layout.y_mm), name, em_mm, "zh-bold")
    sheet.text((left_mm + width_mm + 3, layout.y_mm), layout.words.recipient_phone, em_mm, "zh-bold")


def address_lines(layout: Layout, words: str, edges_mm: tuple[float, float], em_mm: float) -> None:
    """Print one address, wrapped; what is printed is kept line by line."""
    left_mm, right_mm = edges_mm
    uyghur = is_uyghur(words)
    face = layout.uyghur_face if uyghur else layout.style.chinese_face
    for line in wrapped(layout.sheet, words, right_mm - left_mm, em_mm, face):
        if uyghur:
            layout.sheet.uyghur((right_mm, layout.y_mm), line, em_mm * 1.1, face)
        else:
            layout.sheet.text((left_mm, layout.y_mm), line, em_mm, face)
        layout.lines.append(PrintedLine(line, script_of(line)))
        layout.y_mm += em_mm * (1.6 if uyghur else 1.4)


def sender_block(layout: Layout) -> None:
    """寄: the sender, smaller."""
    sheet, words = layout.sheet, layout.words
    right_mm = layout.block_right_mm
    sheet.rule(layout.y_mm, MARGIN_MM, right_mm)
    left_mm = _mark(layout, "寄", 4.2)
    sheet.text((left_mm, layout.y_mm + 0.8), f"{words.sender}  {words.sender_phone}", 2.5)
    for row, line in enumerate(wrapped(sheet, words.sender_address, right_mm - left_mm, 2.5, "zh")):
        sheet.text((left_mm, layout.y_mm + 4.2 + row * 3.4), line, 2.5)
    layout.y_mm += 11


def _mark(layout: Layout, sign: str, em_mm: float) -> float:
    """Print the 收 or 寄 in front of a block; returns where the block's text starts."""
    layout.sheet.text((MARGIN_MM, layout.y_mm + 1), sign, em_mm, "zh-bold")
    return MARGIN_MM + em_mm + 1.2


def wrapped(sheet: Sheet, words: str, width_mm: float, em_mm: float, face: str) -> list[str]:
    """Break a text into lines: at spaces where it has letters that join into words, anywhere in Chinese."""
    spaced = is_uyghur(words) or words.isascii()
    lines, line = [], ""
    for piece in words.split(" ") if spaced else words:
        longer = f"{line} {piece}" if spaced and line else line + piece
        if line and sheet.width_of(longer, em_mm * (1.1 if is_uyghur(words) else 1.0), face) > width_mm:
            lines.append(line)
            longer = piece
        line = longer
    return [line.strip() for line in (*lines, line)]
