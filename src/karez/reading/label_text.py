"""All printed lines of one picture: turn the label upright, find its lines, read each in its script."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from karez.domain.reading import Code, Line
from karez.reading import networks
from karez.reading.locating import Layout
from karez.reading.orientation import OrientationNet, quarters_by_codes
from karez.reading.pictures import Grey
from karez.reading.text_lines import LINE_HEIGHT_PX, Detector, Recognised, Recogniser, line_view
from karez.reading.uyghur import LINE_HEIGHT_PX as UYGHUR_HEIGHT_PX
from karez.reading.uyghur import UyghurRecogniser, arabic_letters
from karez.reading.views import Region, View, cut, whole

_DOUBT = 0.75  # below it a line goes to the Uyghur model: 98-100 % of Uyghur lines, 0-0.3 % of others
_UYGHUR_LEAST = 0.5
_LEAST = 0.3  # lines read with less are noise
_MOST_UPRIGHT_PX = 6_000_000


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line as it was read, and where it stands on the upright label (pixels of the view)."""

    line: Line
    place: Region


class LabelText:
    """Reads text; holds the engines of one process."""

    def __init__(self, engine: networks.Engine, tessdata: Path) -> None:
        self._detector = Detector(engine)
        self._recogniser = Recogniser(engine)
        self._orientation = OrientationNet(engine)
        self._uyghur = UyghurRecogniser(tessdata)

    def warm_up(self) -> None:
        """Compile the shapes that are met most."""
        self._recogniser.warm_up()
        self._detector(np.full((960, 640), 255, np.uint8))
        self._orientation(np.full((300, 300), 255, np.uint8))

    def __call__(
        self, picture: Grey, layout: Layout, codes: Sequence[Code], late: Callable[[], bool]
    ) -> list[PrintedLine]:
        """Read the lines of the largest label, top to bottom."""
        view = self._upright(picture, layout, codes)
        lines: list[PrintedLine] = []
        for place in self._detector(view.pixels):
            if late():
                break
            if _inside_code(view, place, codes):
                continue
            read = self._line(picture, view, place)
            if read is not None:
                lines.append(read)
        return lines

    def _upright(self, picture: Grey, layout: Layout, codes: Sequence[Code]) -> View:
        if not layout.labels:
            return whole(picture)
        label = layout.labels[0]
        quarters = quarters_by_codes(label, codes)
        scale = min(1.0, (_MOST_UPRIGHT_PX / label.area) ** 0.5)
        if quarters is None:
            quarters = self._orientation(cut(picture, label, scale).pixels)
        return cut(picture, label.turned(quarters), scale)

    def _line(self, picture: Grey, view: View, place: Region) -> PrintedLine | None:
        level = line_view(picture, view.to_stored, place, LINE_HEIGHT_PX)
        read, script = self._recogniser(level.pixels), ""
        if read.confidence < _DOUBT:
            second = self._uyghur(line_view(picture, view.to_stored, place, UYGHUR_HEIGHT_PX).pixels)
            if arabic_letters(second.text) >= 3 and second.confidence >= _UYGHUR_LEAST:
                read, script = second, "Arab"
        if not read.text.strip() or read.confidence < _LEAST:
            return None
        height, width = level.pixels.shape
        box = level.box([(0, 0), (width - 1, 0), (width - 1, height - 1), (0, height - 1)])
        return PrintedLine(Line(read.text.strip(), script or _script(read), round(read.confidence, 4), box), place)


def _script(read: Recognised) -> str:
    return "Hans" if any("\u2e80" <= character <= "\u9fff" for character in read.text) else "Latn"


def _inside_code(view: View, place: Region, codes: Sequence[Code]) -> bool:
    """Say whether what looks like a line are a code's own bars."""
    x, y = view.stored_points([(place.x, place.y)])[0]
    for code in codes:
        corners = np.asarray(code.box, dtype=float)
        edges = np.roll(corners, -1, axis=0) - corners
        offsets = np.array([x, y]) - corners
        sides = edges[:, 0] * offsets[:, 1] - edges[:, 1] * offsets[:, 0]
        if np.all(sides > 0) or np.all(sides < 0):
            return True
    return False
