"""What was read on a parcel, with its source and confidence; or a no-read with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

Point = tuple[int, int]
Box = tuple[Point, Point, Point, Point]
"""Four [x, y] corners in pixels of the stored picture, before any EXIF turning, clockwise from the text's top left."""


@dataclass(frozen=True, slots=True)
class Code:
    """One decoded 1D or 2D code.

    Attributes
    ----------
    text
        The content as plain text; group separators (GS, 0x1D) are kept.
    format
        The symbology by zxing-cpp's enum name, for example ``"Code128"`` or ``"QRCode"``.
    box
        Where it stands in the picture.
    frame
        Index of the picture in the sequence that was read.
    label
        Position in the reading's ``labels``; ``None`` where it stands on none (print of the carton, a close-up).
    elements
        GS1 element strings as (application identifier, value), where the content is one.
    restored
        Its bars had to be averaged, sharpened or weighed to be read: a single one of them is weaker evidence.
    """

    text: str
    format: str
    box: Box
    frame: int = 0
    label: int | None = None
    elements: tuple[tuple[str, str], ...] = ()
    restored: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of printed text.

    Attributes
    ----------
    text
        What was read.
    script
        ISO 15924: ``"Hans"``, ``"Arab"`` or ``"Latn"`` (digits alone are ``"Latn"``).
    confidence
        Mean probability of the characters, 0 to 1, as the recogniser gives it.
    box
        Where it stands in the picture.
    frame, label
        As of a `Code`.
    """

    text: str
    script: str
    confidence: float
    box: Box
    frame: int = 0
    label: int | None = None


class SourceKind(StrEnum):
    """Where a read value was taken from."""

    CODE = "code"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Source:
    """The code or text lines a value was read from.

    Attributes
    ----------
    kind
        A decoded code, or text.
    frame
        Index of the frame in the sequence that was read.
    indices
        Positions in that reading's ``codes`` or ``lines``; an address usually has several lines.
    """

    kind: SourceKind
    frame: int
    indices: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One field of a label: its value, where it was read and how sure that is (0 to 1).

    Attributes
    ----------
    read_as
        What was read before a look-alike (O for 0, I for 1) was repaired by a check digit or pattern; ``None`` where
        nothing was repaired.
    """

    value: str
    source: Source
    confidence: float
    read_as: str | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """Recipient or sender as printed. Personal data; phone and name are masked even where the label shows them.

    Attributes
    ----------
    name, phone
        Masked, for example ``"杨**"`` and ``"1******5227"``; ``None`` where none was read.
    address
        Its lines joined by a space.
    """

    name: str | None = None
    phone: str | None = None
    address: Found | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """One label in a picture, and the waybill numbers that stand on it.

    Attributes
    ----------
    frame
        Index of the picture in the sequence that was read.
    box
        Where it lies.
    waybills
        Numbers that could be its waybill, best first; several labels of one parcel carry the same.
    """

    frame: int
    box: Box
    waybills: tuple[str, ...] = ()


class NoReadReason(StrEnum):
    """Why a picture (or a parcel) gave no waybill number."""

    NO_PICTURE = "no_picture"  # no frame came for the parcel in its window
    EMPTY_FILE = "empty_file"  # zero bytes
    NOT_A_PICTURE = "not_a_picture"  # bytes of something else, or a format not taken
    BROKEN_PICTURE = "broken_picture"  # starts like a picture, cannot be decoded
    PICTURE_TOO_LARGE = "picture_too_large"  # more pixels than the limit: not decoded
    PICTURE_TOO_SMALL = "picture_too_small"
    NO_LABEL = "no_label"  # neither a code nor text was found
    NO_WAYBILL = "no_waybill"  # something was read, but no waybill number among it
    CONTRADICTION = "contradiction"  # two different waybill numbers: both are candidates, neither is taken
    UNCONFIRMED = "unconfirmed"  # a number by text alone that nothing confirms
    TIMEOUT = "timeout"  # not read within the picture's deadline
    READER_FAILED = "reader_failed"  # the worker died on it; the picture is set aside
    CANNOT_OPEN = "cannot_open"  # the file is not there, or may not be read


UNDECODED = frozenset(
    {
        NoReadReason.NO_PICTURE,
        NoReadReason.EMPTY_FILE,
        NoReadReason.NOT_A_PICTURE,
        NoReadReason.BROKEN_PICTURE,
        NoReadReason.PICTURE_TOO_LARGE,
        NoReadReason.CANNOT_OPEN,
    }
)
"""Reasons that say the picture itself was not decoded (``ok: false`` in `karez read`)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A parcel whose waybill number was read.

    Attributes
    ----------
    waybill
        The waybill number.
    company
        Courier company: ``sf yto zto sto yunda jt jd ems deppon`` …, or ``None`` where pattern and text leave it open.
    sort_code
        The routing code as printed, for example ``"902A M088-00 29"``.
    address
        The recipient's address: its lines joined by a space, in reading order. Personal data.
    codes, lines
        All that was decoded, frame after frame.
    ms
        Wall clock spent on it, in milliseconds.
    recipient, sender
        The two blocks of the label, told apart; ``recipient.address`` is ``address``.
    weight_g
        Weight printed on the label, in grams.
    labels
        Labels found, frame after frame.
    """

    waybill: Found
    company: str | None
    sort_code: Found | None
    address: Found | None
    codes: Sequence[Code]
    lines: Sequence[Line]
    ms: float
    recipient: Party | None = None
    sender: Party | None = None
    weight_g: int | None = None
    labels: Sequence[Label] = ()


@dataclass(frozen=True, slots=True)
class NoRead:
    """A parcel without a usable waybill number: normal in the trade, and a value.

    Attributes
    ----------
    reason, explanation
        A stable code, and a sentence in English (translated at the edge).
    candidates
        Waybill numbers that were seen and not accepted, best first.
    """

    reason: NoReadReason
    explanation: str
    candidates: Sequence[str] = ()
    sort_code: Found | None = None
    address: Found | None = None
    codes: Sequence[Code] = ()
    lines: Sequence[Line] = ()
    ms: float = 0.0
    recipient: Party | None = None
    sender: Party | None = None
    weight_g: int | None = None
    labels: Sequence[Label] = ()
