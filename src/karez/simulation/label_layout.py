"""A label in the making: its style, its sheet, how far down the print has come, and the lines printed so far."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from karez.simulation.label_words import LabelWords
from karez.simulation.planned import PlannedParcel
from karez.simulation.sheet import Sheet

MARGIN_MM = 3.0
SIDE_CODE_MM = 12.0  # what the code along the right edge takes, its number included


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One line of the recipient's address, as printed after wrapping.

    Attributes
    ----------
    text
        In logical order, without spaces at its ends.
    script
        ISO 15924: ``"Hans"``, ``"Arab"`` or ``"Latn"``.
    """

    text: str
    script: str


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
    lines
        The recipient's address, line by line from the top.
    """

    pixels: NDArray[np.uint8]
    px_per_mm: float
    width_mm: float
    height_mm: float
    lines: tuple[PrintedLine, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelStyle:
    """How a label is laid out, where the parcel leaves it open; ``None`` is drawn at random.

    Attributes
    ----------
    size_mm
        Width and height.
    matrix
        The two-dimensional code: ``"qr"`` and ``"datamatrix"`` hold the waybill, ``"link"`` is a QR code that only
        leads to the shop, ``"none"`` leaves it out.
    side_code
        Whether Code 128 and number stand a second time along the right edge.
    chinese_face, uyghur_face
        Typefaces of the address.
    em_scale
        Size of the address's letters against the usual one.
    number_form
        How the number beneath a code is printed: in groups of four from its ``"end"``, ``"plain"``, or as ``"postal"``
        services group an S10 number.
    sort_code_first
        Whether the sort code stands above the main code, not beneath it.
    """

    size_mm: tuple[float, float] | None = None
    matrix: str = "qr"
    side_code: bool | None = None
    chinese_face: str = "zh-bold"
    uyghur_face: str | None = None
    em_scale: float = 1.0
    number_form: str = "end"
    sort_code_first: bool = False


@dataclass(slots=True)
class Layout:
    """The sheet, what to print on it, and how far down the print has come."""

    sheet: Sheet
    parcel: PlannedParcel
    words: LabelWords
    style: LabelStyle
    uyghur_face: str
    side_code: bool
    y_mm: float = 2.0
    lines: list[PrintedLine] = field(default_factory=list)

    @property
    def right_mm(self) -> float:
        """Right edge of the print."""
        return self.sheet.width_mm - MARGIN_MM

    @property
    def width_mm(self) -> float:
        """Width of the print."""
        return self.sheet.width_mm - 2 * MARGIN_MM

    @property
    def block_right_mm(self) -> float:
        """Right edge of the blocks beside the code that runs along the label's edge."""
        return self.right_mm - (SIDE_CODE_MM if self.side_code else 0)


def printed_number(number: str, form: str) -> str:
    """Print a waybill number in one of the forms of `LabelStyle.number_form`."""
    if form == "postal" and len(number) == 13:
        return f"{number[:2]} {number[2:5]} {number[5:8]} {number[8:11]} {number[11:]}"
    if form == "end":
        head = len(number) % 4
        groups = [number[:head]] if head else []
        return " ".join(groups + [number[at : at + 4] for at in range(head, len(number), 4)])
    return number


def script_of(line: str) -> str:
    """Tell a printed line's script: the first of Uyghur, Chinese and Latin that it has letters of."""
    if is_uyghur(line):
        return "Arab"
    return "Hans" if any("\u4e00" <= letter <= "\u9fff" for letter in line) else "Latn"


def is_uyghur(words: str) -> bool:
    """Tell whether a text is written in Arabic letters."""
    return any("\u0600" <= letter <= "\u06ff" for letter in words)
