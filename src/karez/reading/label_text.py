"""All printed lines of one picture, or its fields alone: turn the label upright, find its lines, read each."""

import math
from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from karez.domain.reading import Code
from karez.reading import networks, reading_order, recipients, sort_codes, zones
from karez.reading.line_reader import LineReader, Lines, Sheet
from karez.reading.locating import Layout
from karez.reading.orientation import OrientationNet, votes_of_codes
from karez.reading.pictures import Grey
from karez.reading.printed_lines import Field, PrintedLine
from karez.reading.text_lines import Detector
from karez.reading.views import Region, View, cut, whole

__all__ = ["Field", "LabelText", "PrintedLine", "Scope"]

Scope = Literal["all", "fields"]

_LOWEST_PX = 9  # print lower than this is not read by anything
_MOST_UPRIGHT_PX = 6_000_000
_CERTAIN = 3.0  # log odds against being upside down
_LOOKED_AT = 3  # lines that are read both ways
_READABLE, _CLEARER = 0.8, 0.1  # confidence of print the right way up; how much more than upside down
_SECOND_OPINIONS = 8  # a label
_MARKS = 3  # the same for marks of a block
_FIGURES = 8  # a line with so many may be a printed number


class LabelText:
    """Reads text; holds the engines of one process."""

    def __init__(self, engine: networks.Engine) -> None:
        self._detector = Detector(engine)
        self._orientation = OrientationNet(engine)
        self._lines = LineReader(engine)

    def warm_up(self) -> None:
        """Compile the shapes that are met most."""
        self._lines.warm_up()
        self._detector(np.full((960, 640), 255, np.uint8))
        self._orientation(np.full((300, 300), 255, np.uint8))

    def __call__(
        self,
        picture: Grey,
        layout: Layout,
        codes: Sequence[Code],
        late: Callable[[], bool],
        scope: Scope = "all",
    ) -> list[PrintedLine]:
        """Read the lines of the largest label, in reading order; what was read before ``late`` if it comes to that.

        Parameters
        ----------
        scope
            ``"fields"`` reads no more lines than it takes to find the recipient's block and the sort code.
        """
        sheet = self._sheet(picture, layout, codes)
        known: Lines = {}
        if scope == "fields":
            self._read_fields(sheet, known, late)
        else:
            self._lines.read(sheet, range(len(sheet.places)), known, late)
        self._lines.read_again(_worth_certainty(sheet, known, bool(codes)), known, _SECOND_OPINIONS, late)
        return [printed for _, printed in _printed(sheet, known)]

    def _read_fields(self, sheet: Sheet, known: Lines, late: Callable[[], bool]) -> None:
        """Read block after block until the recipient's is known for sure, and all lines that touch it."""
        for group in zones.by_promise(sheet.level):
            if all(index in known for index in group):
                continue
            self._lines.read(sheet, group, known, late)
            block = _recipient(sheet, known)
            if block and not late() and self._is_recipients(sheet, block, known, late):
                self._lines.read(sheet, zones.beside(sheet.level, block), known, late)
                return

    def _is_recipients(self, sheet: Sheet, block: list[int], known: Lines, late: Callable[[], bool]) -> bool:
        """Say whether a mark was read; single characters are easily misread, and are looked at again."""
        if not _marked(known):
            marks = zones.short(sheet.level, zones.beside(sheet.level, block))
            self._lines.read_again(marks, known, _MARKS, late)
        return _marked(known)

    def _sheet(self, picture: Grey, layout: Layout, codes: Sequence[Code]) -> Sheet:
        """Turn the label upright; where its longest lines cannot be read so, but upside down, turn it over."""
        label = layout.main_label
        if label is None:
            view = whole(picture)
            return _sheet(picture, view, self._places(view, codes))
        quarters, certain, view, places = self._lines_of(picture, label, codes)
        sheet = _sheet(picture, view, places)
        if certain or not self._upside_down(sheet):
            return sheet
        view = cut(picture, label.turned(quarters + 2), _scale(label))
        return _sheet(picture, view, self._places(view, codes))

    def _upside_down(self, sheet: Sheet) -> bool:
        """Read the longest lines both ways where they cannot be read as they stand."""
        longest = sorted(sheet.places, key=lambda place: place.width * place.height, reverse=True)[:_LOOKED_AT]
        if not longest:
            return False
        upright = [self._lines.confidence(sheet, place) for place in longest]
        if max(upright) > _READABLE:
            return False
        return max(self._lines.confidence(sheet, place.turned(2)) for place in longest) > max(upright) + _CLEARER

    def _lines_of(self, picture: Grey, label: Region, codes: Sequence[Code]) -> tuple[int, bool, View, list[Region]]:
        """Turn the label and find its lines; where most of them run upwards, it lay on its side.

        Returns
        -------
        By how many quarters it was turned, whether codes say that it is not upside down so, the view, and its lines.
        """
        scale = _scale(label)
        scores = votes_of_codes(label, codes) + self._orientation(cut(picture, label, scale).pixels)
        quarters = int(scores.argmax())
        view = cut(picture, label.turned(quarters), scale)
        places = self._places(view, codes)
        if not _on_its_side(places):
            return quarters, _certain(scores, quarters, codes), view, places
        quarters = max(((quarters + 1) % 4, (quarters + 3) % 4), key=lambda turn: float(scores[turn]))
        view = cut(picture, label.turned(quarters), scale)
        return quarters, _certain(scores, quarters, codes), view, self._places(view, codes)

    def _places(self, view: View, codes: Sequence[Code]) -> list[Region]:
        found = self._detector(view.pixels)
        return [place for place in found if place.height >= _LOWEST_PX and not _inside_code(view, place, codes)]


def _sheet(picture: Grey, view: View, places: list[Region]) -> Sheet:
    return Sheet(picture, view, places, reading_order.levelled(places))


def _scale(label: Region) -> float:
    return min(1.0, math.sqrt(_MOST_UPRIGHT_PX / label.area))


def _certain(scores: npt.NDArray[np.float64], quarters: int, codes: Sequence[Code]) -> bool:
    return bool(codes) and float(scores[quarters] - scores[(quarters + 2) % 4]) > _CERTAIN


def _printed(sheet: Sheet, known: Lines) -> list[tuple[int, PrintedLine]]:
    """List what holds text, in reading order, with its position on the sheet."""
    kept = [index for index in sorted(known) if known[index].holds_text]
    level = reading_order.levelled([sheet.places[index] for index in kept])
    return [(kept[at], known[kept[at]].printed(level[at])) for at in reading_order.order(level)]


def _recipient(sheet: Sheet, known: Lines) -> list[int]:
    """Positions of the recipient's address among what is read so far."""
    printed = _printed(sheet, known)
    address = recipients.recipient_address([line for _, line in printed])
    return [printed[at][0] for at in address.lines] if address else []


def _marked(known: Lines) -> bool:
    """Say whether a mark parts recipient and sender; with the sender's alone, the other block is the recipient's."""
    return any(recipients.begins_block(line.text.text) for line in known.values())


def _worth_certainty(sheet: Sheet, known: Lines, coded: bool) -> list[int]:
    """List lines that parcels are sorted by, most telling first: address, sort code, and numbers that no code tells.

    Where no address was found, it may be among the badly read lines: those in the largest print come first.
    """
    printed = _printed(sheet, known)
    lines = [line for _, line in printed]
    block, code = _recipient(sheet, known), sort_codes.sort_code(lines)
    chosen = [*block, *([printed[at][0] for at in code.lines] if code else [])]
    if not coded:
        chosen += [index for index, line in printed if _figures(line.line.text) >= _FIGURES]
    unread = zones.beside(sheet.level, block) if block else sorted(known, key=lambda i: -sheet.places[i].height)
    chosen += [index for index in unread if index in known and not recipients.is_person(known[index].text.text)]
    return list(dict.fromkeys(chosen))


def _figures(text: str) -> int:
    return sum(character.isdigit() for character in text)


def _on_its_side(places: Sequence[Region]) -> bool:
    upward = sum(place.width for place in places if abs(place.angle_deg) > 45)
    return upward > 0.6 * sum(place.width for place in places)


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
