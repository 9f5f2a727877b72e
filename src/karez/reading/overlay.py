"""Draw on a picture what was read in it: labels, codes and lines, what gave which field, and why there is no number."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from karez.domain.frames import Frame
from karez.domain.reading import Box, Code, Found, Line, NoRead, NoReadReason, Reading, SourceKind
from karez.reading import pictures
from karez.reading.captions import Canvas, Colour, Span, banner, caption, card

_MAX_MEGAPIXELS = 50.0
_LONGEST_PX, _SHORTEST_PX = 2000, 800  # the overlay is for a screen
_QUALITY = 85
_WORDS = 40  # of a code's content

LABEL: Colour = (200, 180, 0)
CODE: Colour = (230, 150, 40)
LINE: Colour = (150, 150, 150)
WAYBILL: Colour = (60, 170, 40)
SORT_CODE: Colour = (0, 130, 240)
ADDRESS: Colour = (190, 60, 170)
AGAINST: Colour = (40, 40, 220)

_LEGEND = (
    ("label", LABEL),
    ("code", CODE),
    ("line", LINE),
    ("waybill", WAYBILL),
    ("sort code", SORT_CODE),
    ("address", ADDRESS),
    ("candidate", AGAINST),
)


@dataclass(frozen=True, slots=True)
class _Mark:
    """One box to draw, with what is written at it."""

    box: Box
    colour: Colour
    thickness: int
    words: str = ""


def draw(frame: Frame, reading: Reading | NoRead, index: int = 0) -> bytes:
    """Draw what was read on its frame.

    Parameters
    ----------
    frame
        The picture that was read.
    reading
        What was read on it; of several frames, those things that stand on this one are drawn.
    index
        The frame's position among the frames of the reading.

    Returns
    -------
    A JPEG, 800 to 2000 pixels long; a grey card with the explanation where the picture cannot be decoded.
    """
    grey = pictures.decode(frame.data, _MAX_MEGAPIXELS)
    if isinstance(grey, pictures.Undecodable):
        return _encode(card(f"{grey.reason.value}: {grey.explanation}"))
    longest = max(grey.shape)
    scale = min(1.0, _LONGEST_PX / longest) if longest > _SHORTEST_PX else _SHORTEST_PX / longest
    canvas = Canvas.over(grey, scale)
    marks = _marks(reading, index)
    for mark in marks:
        canvas.box(mark.box, mark.colour, mark.thickness)
    for mark in sorted(marks, key=lambda mark: canvas.corners(mark.box)[:, 1].min()):
        if mark.words:
            caption(canvas, mark.box, mark.words, mark.colour, _beside(canvas, mark, marks))
    banner(canvas, list(_verdict(reading)), _LEGEND)
    return _encode(canvas.pixels)


def _beside(canvas: Canvas, mark: _Mark, marks: Sequence[_Mark]) -> Span:
    """Span beside which a caption disturbs nothing: that of the mark's label, as far as no other lies on that side."""
    labels = [canvas.corners(each.box)[:, 0] for each in marks if each.colour == LABEL]
    boxes = [canvas.corners(each.box)[:, 0] for each in marks]
    left, right = int(min(x.min() for x in boxes)), int(max(x.max() for x in boxes))
    own = canvas.corners(mark.box)[:, 0].mean()
    mine = [x for x in labels if x.min() <= own <= x.max()]
    if len(labels) < 2 or not mine:
        return left, right
    nearest = min(mine, key=lambda x: abs(x.mean() - own))
    leftmost, rightmost = min(labels, key=lambda x: x.min()), max(labels, key=lambda x: x.max())
    return left if nearest is leftmost else 0, right if nearest is rightmost else canvas.pixels.shape[1]


def _verdict(reading: Reading | NoRead) -> Iterator[tuple[str, Colour]]:
    """Say in words what came of it, line by line."""
    if isinstance(reading, Reading):
        company = f" ({reading.company})" if reading.company else ""
        repaired = f", read as {reading.waybill.read_as}" if reading.waybill.read_as else ""
        yield f"waybill {reading.waybill.value}{company}{repaired}", WAYBILL
        return
    yield f"no-read: {reading.reason.value.replace('_', ' ')} - {reading.explanation}", AGAINST
    if reading.candidates:
        yield f"candidates: {', '.join(reading.candidates)}", AGAINST


def _marks(reading: Reading | NoRead, index: int) -> list[_Mark]:
    """List boxes back to front: labels, lines, codes, then the fields taken from them."""
    marks = [
        _Mark(label.box, LABEL, 2, f"label {number}: {', '.join(label.waybills) or 'no number'}")
        for number, label in enumerate(reading.labels, 1)
        if label.frame == index
    ]
    marks += [_Mark(line.box, LINE, 1) for line in reading.lines if line.frame == index]
    marks += [
        _Mark(code.box, CODE, 2, f"{code.format}{' (restored)' if code.restored else ''} {_plain(code.text)}")
        for code in reading.codes
        if code.frame == index
    ]
    waybill = reading.waybill if isinstance(reading, Reading) else None
    fields = ((reading.address, ADDRESS, "address"), (reading.sort_code, SORT_CODE, "sort code"))
    for found, colour, name in (*fields, (waybill, WAYBILL, "waybill")):
        marks += [_Mark(box, colour, 3, name if first else "") for first, box in _places(found, reading, index)]
    return marks + list(_against(reading, index))


def _places(found: Found | None, reading: Reading | NoRead, index: int) -> Iterator[tuple[bool, Box]]:
    """Boxes of a field on this frame, and which of them is its first."""
    if found is None:
        return
    things: list[Code | Line] = list(reading.codes)
    if found.source.kind is SourceKind.LINE:
        things = list(reading.lines)
    for count, position in enumerate(found.source.indices):
        if things[position].frame == index:
            yield count == 0, things[position].box


def _against(reading: Reading | NoRead, index: int) -> Iterator[_Mark]:
    """Mark where the numbers stand that contradict each other, or that nothing confirms."""
    if isinstance(reading, Reading):
        return
    thickness = 4 if reading.reason is NoReadReason.CONTRADICTION else 2
    things: list[Code | Line] = [*reading.codes, *reading.lines]
    for thing in things:
        tight = "".join(thing.text.upper().split())
        numbers = [number for number in reading.candidates if number in tight]
        if numbers and thing.frame == index:
            said = isinstance(thing, Code)  # its own caption tells the number
            yield _Mark(thing.box, AGAINST, thickness, "" if said else f"candidate {numbers[0]}")


def _plain(text: str) -> str:
    """Content as it can be drawn with the letters that OpenCV has."""
    shown = "".join(character if " " <= character <= "~" else "." for character in text)
    return shown if len(shown) <= _WORDS else f"{shown[: _WORDS - 3]}..."


def _encode(canvas: npt.NDArray[np.uint8]) -> bytes:
    _, data = cv2.imencode(".jpg", canvas, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return data.tobytes()
