"""Draw on a picture what was read in it: codes, lines, and which of them gave the waybill, sort code and address."""

import cv2
import numpy as np
import numpy.typing as npt

from karez.domain.frames import Frame
from karez.domain.reading import Box, Found, NoRead, Reading, SourceKind
from karez.reading import pictures

_MAX_MEGAPIXELS = 50.0
_LONGEST_PX = 2000  # the overlay is for a screen
_QUALITY = 85

Colour = tuple[int, int, int]
"""Blue, green, red."""
CODE: Colour = (200, 140, 40)
LINE: Colour = (170, 170, 170)
WAYBILL: Colour = (60, 160, 40)
SORT_CODE: Colour = (0, 130, 240)
ADDRESS: Colour = (190, 60, 170)


def draw(frame: Frame, reading: Reading | NoRead, index: int = 0) -> bytes:
    """Draw the boxes of a reading on its frame.

    Parameters
    ----------
    frame
        The picture that was read.
    reading
        What was read on it.
    index
        The frame's position among the frames of the reading.

    Returns
    -------
    A JPEG, at most 2000 pixels long; a grey card with the explanation where the picture cannot be decoded.
    """
    grey = pictures.decode(frame.data, _MAX_MEGAPIXELS)
    if isinstance(grey, pictures.Undecodable):
        return _encode(_card(grey.reason.value))
    scale = min(1.0, _LONGEST_PX / max(grey.shape))
    small = grey if scale == 1 else cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    canvas = np.asarray(cv2.cvtColor(np.asarray(small), cv2.COLOR_GRAY2BGR), np.uint8)
    for box, colour, thickness, label in _marks(reading, index):
        _draw_box(canvas, box, scale, colour, thickness, label)
    return _encode(canvas)


def _marks(reading: Reading | NoRead, index: int) -> list[tuple[Box, Colour, int, str]]:
    """List boxes back to front: lines, codes, then the fields taken from them."""
    marks: list[tuple[Box, Colour, int, str]] = [(line.box, LINE, 1, "") for line in reading.lines]
    marks += [(code.box, CODE, 2, code.format) for code in reading.codes]
    waybill = reading.waybill if isinstance(reading, Reading) else None
    fields = ((reading.address, ADDRESS, "address"), (reading.sort_code, SORT_CODE, "sort code"))
    for found, colour, label in (*fields, (waybill, WAYBILL, "waybill")):
        marks += [(box, colour, 3, label) for box in _boxes(found, reading, index)]
    return marks


def _boxes(found: Found | None, reading: Reading | NoRead, index: int) -> list[Box]:
    if found is None or found.source.frame != index:
        return []
    places = reading.codes if found.source.kind is SourceKind.CODE else reading.lines
    return [places[position].box for position in found.source.indices]


def _draw_box(
    canvas: npt.NDArray[np.uint8], box: Box, scale: float, colour: Colour, thickness: int, label: str
) -> None:
    corners = np.round(np.array(box, dtype=float) * scale).astype(np.int32)
    cv2.polylines(canvas, [corners], True, colour, thickness, cv2.LINE_AA)
    if label:
        top = corners[corners[:, 1].argmin()]
        at = int(max(2, top[0])), int(max(14, top[1] - 5))
        cv2.putText(canvas, label, at, cv2.FONT_HERSHEY_SIMPLEX, 0.55, (255, 255, 255), 4, cv2.LINE_AA)
        cv2.putText(canvas, label, at, cv2.FONT_HERSHEY_SIMPLEX, 0.55, colour, 1, cv2.LINE_AA)


def _card(text: str) -> npt.NDArray[np.uint8]:
    card = np.full((200, 640, 3), 225, np.uint8)
    cv2.putText(card, text, (30, 110), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (60, 60, 60), 2, cv2.LINE_AA)
    return card


def _encode(canvas: npt.NDArray[np.uint8]) -> bytes:
    _, data = cv2.imencode(".jpg", canvas, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return data.tobytes()
