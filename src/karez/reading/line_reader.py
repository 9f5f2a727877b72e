"""Read single lines of a label, each in its script: a first reading, the Uyghur model, a second opinion."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from karez.domain.reading import Box, Line
from karez.reading import networks, split_lines
from karez.reading.pictures import Grey
from karez.reading.printed_lines import PrintedLine
from karez.reading.second_opinion import UNSURE, SecondOpinion
from karez.reading.text_lines import LINE_HEIGHT_PX, Recognised, Recogniser, line_view
from karez.reading.uyghur import LINE_HEIGHT_PX as UYGHUR_HEIGHT_PX
from karez.reading.uyghur import UyghurRecogniser, arabic_letters
from karez.reading.views import Region, View

_DOUBT = 0.75  # below it a line goes to the Uyghur model: 98-100 % of Uyghur lines, 0-0.3 % of others
_NEAR_DOUBT = 0.93  # the same beside a Uyghur line: a long number lifts the first model's confidence
_UYGHUR_MARGINS = (0.05, 0.15, 0.25)  # line heights at each end; the detector cuts first and last letters short
_UYGHUR_LEAST = 0.5
_KEPT = 0.8  # share of the pieces' letters that their whole must show
_LEAST = 0.4  # lines read with less are noise

Late = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Sheet:
    """An upright label, the stored picture it was cut from, and where lines stand on it.

    Attributes
    ----------
    places
        Lines on the view, as the detector gave them.
    level
        The same with the common slope taken out.
    """

    picture: Grey
    view: View
    places: Sequence[Region]
    level: Sequence[Region]


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line after reading: its own picture, what it says, in which script.

    Attributes
    ----------
    script
        ``"Arab"`` where the Uyghur model read it; else it is told by the text.
    asked
        Whether the Uyghur model has seen it.
    """

    pixels: Grey
    box: Box
    text: Recognised
    script: str = ""
    asked: bool = False

    @property
    def holds_text(self) -> bool:
        """Whether it is more than noise."""
        return bool(self.text.text.strip()) and self.text.confidence >= _LEAST

    def printed(self, place: Region) -> PrintedLine:
        """Give it as it leaves text reading."""
        text = self.text.text.strip()
        return PrintedLine(Line(text, self.script or _script(text), round(self.text.confidence, 4), self.box), place)


Lines = dict[int, ReadLine]
"""Lines that were read, by their position on the sheet."""


class LineReader:
    """Holds the recognisers of one process."""

    def __init__(self, engine: networks.Engine) -> None:
        self._recogniser = Recogniser(engine)
        self._uyghur = UyghurRecogniser(engine)
        self._second = SecondOpinion(engine)

    def warm_up(self) -> None:
        """Compile the shapes that are met most."""
        self._recogniser.warm_up()
        self._second.warm_up()
        self._uyghur.warm_up()

    def read(self, sheet: Sheet, wanted: Iterable[int], known: Lines, late: Late) -> None:
        """Read the lines at the wanted positions, as far as time allows, into ``known``."""
        fresh = [index for index in wanted if index not in known]
        for index in fresh:
            if late():
                return
            line = line_view(sheet.picture, sheet.view.to_stored, sheet.places[index], LINE_HEIGHT_PX)
            known[index] = ReadLine(line.pixels, _box(line), self._recogniser(line.pixels))
        self._in_uyghur(sheet, known, late)

    def confidence(self, sheet: Sheet, place: Region) -> float:
        """Read one place, only to see how well that goes."""
        line = line_view(sheet.picture, sheet.view.to_stored, place, LINE_HEIGHT_PX)
        return self._recogniser(line.pixels).confidence

    def read_again(self, wanted: Sequence[int], known: Lines, most: int, late: Late) -> None:
        """Ask for a second opinion on the unsure ones among the wanted lines, at most ``most`` times."""
        unsure = [i for i in wanted if i in known and not known[i].script and known[i].text.weakest < UNSURE]
        for index in unsure[:most]:
            if late():
                return
            known[index] = replace(known[index], text=self._second(known[index].pixels, known[index].text))

    def _in_uyghur(self, sheet: Sheet, known: Lines, late: Late) -> None:
        """Give doubtful lines, and then their neighbours, to the Uyghur model."""
        for index in _doubtful(sheet, known):
            if late():
                return
            self._try_uyghur(sheet, index, known)
        for index in _near_uyghur(sheet, known):
            if late():
                return
            self._try_uyghur(sheet, index, known)
        self._join_uyghur(sheet, known, late)

    def _join_uyghur(self, sheet: Sheet, known: Lines, late: Late) -> None:
        """Read pieces of one Uyghur line as a whole: the detector parts it where words stand far apart."""
        uyghur = {index: sheet.places[index] for index, line in known.items() if line.script == "Arab"}
        for left, right in split_lines.pairs(uyghur):
            if late():
                return
            pieces = known[left], known[right]
            whole = split_lines.spanning((uyghur[left], uyghur[right]))
            text = self._uyghur_text(sheet, whole)
            letters = sum(arabic_letters(piece.text.text) for piece in pieces)
            if all(piece.holds_text for piece in pieces) and arabic_letters(text.text) >= _KEPT * letters:
                line = line_view(sheet.picture, sheet.view.to_stored, whole, LINE_HEIGHT_PX)
                known[right] = replace(known[right], pixels=line.pixels, box=_box(line), text=text)
                known[left] = replace(known[left], text=Recognised("", 0.0), script="")

    def _try_uyghur(self, sheet: Sheet, index: int, known: Lines) -> None:
        second = self._uyghur_text(sheet, sheet.places[index])
        known[index] = replace(known[index], asked=True)
        if arabic_letters(second.text) >= 3 and second.confidence >= _UYGHUR_LEAST:
            known[index] = replace(known[index], text=second, script="Arab")

    def _uyghur_text(self, sheet: Sheet, place: Region) -> Recognised:
        """Read a line cut at several margins: two that agree, else the one whose characters are surest."""
        read: list[Recognised] = []
        for margin in _UYGHUR_MARGINS:
            wider = place.padded(margin * place.height, 0)
            line = line_view(sheet.picture, sheet.view.to_stored, wider, UYGHUR_HEIGHT_PX)
            text = self._uyghur(line.pixels)
            agreed = next((other for other in read if other.text == text.text), None)
            if agreed is not None:
                return max(agreed, text, key=_surest)
            read.append(text)
        return max(read, key=_surest)


def _box(line: View) -> Box:
    height, width = line.pixels.shape
    return line.box([(0, 0), (width - 1, 0), (width - 1, height - 1), (0, height - 1)])


def _surest(read: Recognised) -> float:
    return read.confidence


def _doubtful(sheet: Sheet, known: Mapping[int, ReadLine]) -> list[int]:
    return [
        index
        for index, line in known.items()
        if not line.asked and line.text.confidence < _DOUBT and _long(sheet.places[index])
    ]


def _near_uyghur(sheet: Sheet, known: Mapping[int, ReadLine]) -> list[int]:
    uyghur = [sheet.places[index] for index, line in known.items() if line.script == "Arab"]
    return [
        index
        for index, line in known.items()
        if not line.asked
        and _DOUBT <= line.text.confidence < _NEAR_DOUBT
        and _long(sheet.places[index])
        and _beside(sheet.places[index], uyghur)
    ]


def _long(place: Region) -> bool:
    return place.width >= 2 * place.height


def _beside(place: Region, others: Sequence[Region]) -> bool:
    return any(abs(place.y - other.y) < 2.5 * other.height for other in others)


def _script(text: str) -> str:
    return "Hans" if any("\u2e80" <= character <= "\u9fff" for character in text) else "Latn"
