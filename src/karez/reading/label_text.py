"""All printed lines of one picture: turn the label upright, find its lines, read each in its script."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from karez.domain.reading import Code, Line
from karez.reading import networks, reading_order
from karez.reading.locating import Layout
from karez.reading.orientation import OrientationNet, votes_of_codes
from karez.reading.pictures import Grey
from karez.reading.text_lines import LINE_HEIGHT_PX, Detector, Recognised, Recogniser, line_view
from karez.reading.uyghur import LINE_HEIGHT_PX as UYGHUR_HEIGHT_PX
from karez.reading.uyghur import UyghurRecogniser, arabic_letters
from karez.reading.views import Region, View, cut, whole

_DOUBT = 0.75  # below it a line goes to the Uyghur model: 98-100 % of Uyghur lines, 0-0.3 % of others
_NEAR_DOUBT = 0.93  # the same beside a Uyghur line: a long number lifts the first model's confidence
_UYGHUR_LEAST = 0.5
_LEAST = 0.4  # lines read with less are noise
_LOWEST_PX = 9  # print lower than this is not read by anything
_MOST_UPRIGHT_PX = 6_000_000


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line as it was read, and where it stands on the upright label (slope taken out)."""

    line: Line
    place: Region


@dataclass(frozen=True, slots=True)
class Field:
    """A value found in the lines: which of them, and how sure (0 to 1)."""

    value: str
    lines: tuple[int, ...]
    confidence: float


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
        """Read the lines of the largest label, in reading order; what was read before ``late`` if it comes to that."""
        view, places = self._lines_of(picture, layout, codes)
        read: list[tuple[Region, View, Recognised]] = []
        for place in places:
            if late():
                break
            line = line_view(picture, view.to_stored, place, LINE_HEIGHT_PX)
            read.append((place, line, self._recogniser(line.pixels)))
        texts = self._uyghur_instead(picture, view, read, late)
        kept = [(place, line, text) for (place, line, _), text in zip(read, texts, strict=True) if _is_text(text)]
        level = reading_order.levelled([place for place, _, _ in kept])
        return [_printed(kept[index][1], kept[index][2], level[index]) for index in reading_order.order(level)]

    def _lines_of(self, picture: Grey, layout: Layout, codes: Sequence[Code]) -> tuple[View, list[Region]]:
        """Turn the label upright and find its lines; where most of them run upwards, it lay on its side."""
        label = layout.main_label
        if label is None:
            view = whole(picture)
            return view, self._places(view, codes)
        scale = min(1.0, (_MOST_UPRIGHT_PX / label.area) ** 0.5)
        scores = votes_of_codes(label, codes) + self._orientation(cut(picture, label, scale).pixels)
        quarters = int(scores.argmax())
        view = cut(picture, label.turned(quarters), scale)
        places = self._places(view, codes)
        if not _on_its_side(places):
            return view, places
        sideways = [(quarters + 1) % 4, (quarters + 3) % 4]
        view = cut(picture, label.turned(max(sideways, key=lambda turn: float(scores[turn]))), scale)
        return view, self._places(view, codes)

    def _places(self, view: View, codes: Sequence[Code]) -> list[Region]:
        found = self._detector(view.pixels)
        return [place for place in found if place.height >= _LOWEST_PX and not _inside_code(view, place, codes)]

    def _uyghur_instead(
        self, picture: Grey, view: View, read: Sequence[tuple[Region, View, Recognised]], late: Callable[[], bool]
    ) -> list[tuple[Recognised, str]]:
        """Give doubtful lines, and then their neighbours, to the Uyghur model."""
        texts = [(text, "") for _, _, text in read]
        for limit in (_DOUBT, _NEAR_DOUBT):
            uyghur = [place for (place, _, _), (_, script) in zip(read, texts, strict=True) if script]
            for index, (place, _, first) in enumerate(read):
                if late() or texts[index][1] or first.confidence >= limit or place.width < 2 * place.height:
                    continue
                if limit == _NEAR_DOUBT and (first.confidence < _DOUBT or not _beside(place, uyghur)):
                    continue
                second = self._uyghur(line_view(picture, view.to_stored, place, UYGHUR_HEIGHT_PX).pixels)
                if arabic_letters(second.text) >= 3 and second.confidence >= _UYGHUR_LEAST:
                    texts[index] = (second, "Arab")
        return texts


def _on_its_side(places: Sequence[Region]) -> bool:
    upward = sum(place.width for place in places if abs(place.angle_deg) > 45)
    return upward > 0.6 * sum(place.width for place in places)


def _beside(place: Region, others: Sequence[Region]) -> bool:
    return any(abs(place.y - other.y) < 2.5 * other.height for other in others)


def _is_text(read: tuple[Recognised, str]) -> bool:
    text, _ = read
    return bool(text.text.strip()) and text.confidence >= _LEAST


def _printed(line: View, read: tuple[Recognised, str], place: Region) -> PrintedLine:
    text, script = read
    height, width = line.pixels.shape
    box = line.box([(0, 0), (width - 1, 0), (width - 1, height - 1), (0, height - 1)])
    return PrintedLine(Line(text.text.strip(), script or _script(text.text), round(text.confidence, 4), box), place)


def _script(text: str) -> str:
    return "Hans" if any("\u2e80" <= character <= "\u9fff" for character in text) else "Latn"


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
