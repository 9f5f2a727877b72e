"""Names that no list knows (roads, estates, companies, villages): every stretch of text that could be one."""

import re
from collections.abc import Iterator
from itertools import accumulate

from karez.address.parts.labels import Label
from karez.address.parts.lattice import KEEP, KEEP_DASHED, NOTHING, Edge
from karez.address.parts.transitions import INDEX, JOINED
from karez.address.parts.words import BESIDE, ENDINGS, ENDS_IN, JOINS, LONGEST, TO_THE_COURIER

_LONGEST_NAME = 20
_LENGTH_COSTS: dict[Label, tuple[float, ...]] = {
    # cost of a name of 1, 2, 3, ... characters; beyond the last, 0.6 more for each
    Label.ROAD: (9, 1.5, 0, 0.5, 2.5, 4, 5.5, 7),
    Label.SUBROAD: (9, 0.5, 0, 0.5, 2, 4, 5.5, 7),
    Label.POI: (8, 1.7, 0.8, 0, 0.3, 0.6, 1, 1.2, 1.6, 1.7, 2, 2.2, 2.5, 3),
    Label.SUBPOI: (8, 0.5, 0.4, 0.3, 0.8, 1, 1.3, 1.6, 2, 2.2, 2.5, 3),
    Label.PERSON: (9, 1, 0.6, 0.3, 0.5, 1, 1.4, 1.8, 2, 2.2, 2.4, 3),
    Label.COMMUNITY: (9, 1.3, 0, 0.8, 2.2, 3.5, 5),
    Label.TOWN: (9, 1.5, 0, 0.3, 2.5, 4, 5),
    Label.DEVZONE: (9, 2, 1.5, 1.5, 0, 0.7, 0.7, 1.5, 2),
}
_LENGTH = {
    INDEX[label]: [0.0, *costs, *(costs[-1] + 0.6 * more for more in range(1, _LONGEST_NAME))]
    for label, costs in _LENGTH_COSTS.items()
}
_UNMARKED = tuple(
    (INDEX[label], cost)
    for label, cost in (
        (Label.POI, 1.0),
        (Label.SUBPOI, 1.2),
        (Label.PERSON, 0.0),
        (Label.COMMUNITY, 2.5),
        (Label.TOWN, 4.5),
        (Label.ROAD, 4.0),
    )
)
_MARKED = {word: tuple((INDEX[label], cost) for label, cost in options) for word, options in ENDINGS.items()}
_POI, _SUBPOI, _PERSON = INDEX[Label.POI], INDEX[Label.SUBPOI], INDEX[Label.PERSON]
_ROAD, _SUBROAD = INDEX[Label.ROAD], INDEX[Label.SUBROAD]
_ASSIST, _REDUNDANT, _OTHER = INDEX[Label.ASSIST], INDEX[Label.REDUNDANT], INDEX[Label.OTHERINFO]
_PUNCTUATION = re.compile(r"[^\w\s]+|_+")
_SPACE = re.compile(r"\s+")
_BARRIER = re.compile(r"[^\w\s]+|_+|\s+")
_ALNUM = re.compile(r"[0-9A-Za-z]+")
_A_NUMBER_IN_A_NAME = 6.0
_NO_START = frozenset("号栋幢室层楼单与和跟口旁内的段期")
_A_WRONG_START = 4.0
_ENDING_INSIDE = 0.55  # 国际 and 物流 in 国际物流中心 do not each end a name
_COUNTED = re.compile(r"[一二三四五六七八九十百负]+(?:号楼|楼|层|幢|栋|单元|座|室|排|号|组|弄)|[旁内]")
_BESIDE = re.compile("|".join(BESIDE))
_COURIER = re.compile("|".join(TO_THE_COURIER))


class Spans:
    """The stretches of one text that could be names, and the words between them."""

    def __init__(self, text: str, known_starts: frozenset[int]) -> None:
        self._text = text
        length = len(text)
        self._barriers = [*sorted(m.start() for m in _BARRIER.finditer(text)), length]
        self._runs = [(m.start(), m.end()) for m in _ALNUM.finditer(text)]
        self._stops = self._find_stops(known_starts)
        self._ends = [(end, self._options(end)) for end in range(1, length + 1)]
        self._ends = [(end, options) for end, options in self._ends if options]
        self._inside = [0.0] * (length + 1)
        for end, options in self._ends:
            self._inside[end] = min((cost for label, cost in options if label == _POI and cost < 0), default=0.0)
        self._inside = list(accumulate(self._inside))

    def _find_stops(self, known_starts: frozenset[int]) -> frozenset[int]:
        stops = {start for start, _ in self._runs} | set(self._barriers) | known_starts
        stops |= {m.start() for m in _BESIDE.finditer(self._text) if len(m[0]) > 1}
        stops |= {m.start() for m in _COURIER.finditer(self._text)}
        stops |= {m.start() for m in _COUNTED.finditer(self._text)}
        return frozenset(stops)

    def _options(self, end: int) -> tuple[tuple[int, float], ...]:
        """Return what a name that ends at ``end`` can be."""
        options: dict[int, float] = {}
        if self._text[end - 1] in ENDS_IN:
            for length in range(1, LONGEST + 1):
                for label, cost in _MARKED.get(self._text[max(0, end - length) : end], ()):
                    options[label] = min(cost, options.get(label, cost))
            if _POI in options:
                options[_SUBPOI] = min(options[_POI] + 0.7, options.get(_SUBPOI, 9))
                options[_PERSON] = min(options[_POI] + 1.5, options.get(_PERSON, 9))
            if _ROAD in options:
                options[_SUBROAD] = min(options[_ROAD], options.get(_SUBROAD, 9))
        if end in self._stops:
            for label, cost in _UNMARKED:
                options[label] = min(cost, options.get(label, cost))
        return tuple(options.items())

    def edges_at(self, start: int) -> Iterator[Edge]:
        """Yield the names that could start here, and the words that are no names."""
        text = self._text
        space = _SPACE.match(text, start)
        if space is not None:
            yield Edge(space.end(), NOTHING, 0.0, KEEP)
            return
        mark = _PUNCTUATION.match(text, start)
        if mark is not None:
            yield Edge(mark.end(), _REDUNDANT, 0.3, KEEP_DASHED)
            return
        yield from self._words(start)
        yield from self._names(start)

    def _words(self, start: int) -> Iterator[Edge]:
        text = self._text
        if text[start] in JOINS:
            yield Edge(start + 1, _ASSIST, 0.5, JOINED)
        beside = _BESIDE.match(text, start)
        if beside is not None:
            yield Edge(beside.end(), _ASSIST, -4.0 * len(beside[0]) + 2, _ASSIST)
        courier = _COURIER.match(text, start)
        if courier is not None:
            yield Edge(courier.end(), _REDUNDANT, -4.0 * len(courier[0]) + 4, KEEP)
        if (
            text[start] == "一"
            and 0 < start < len(text) - 1
            and text[start - 1].isdigit()
            and text[start + 1].isdigit()
        ):
            yield Edge(start + 1, _REDUNDANT, 0.3, KEEP_DASHED)

    def _names(self, start: int) -> Iterator[Edge]:
        limit = next(barrier for barrier in self._barriers if barrier > start)
        limit = min(limit, start + _LONGEST_NAME)
        wrong = _A_WRONG_START if self._text[start] in _NO_START else 0.0
        inside = [begin for begin, end in self._runs if end > start]
        for end, options in self._ends:
            if end <= start:
                continue
            if end > limit:
                break
            length = end - start
            extra = wrong + (_A_NUMBER_IN_A_NAME * sum(begin < end for begin in inside) if inside else 0.0)
            if end - start > 2:
                extra += _ENDING_INSIDE * (self._inside[end - 1] - self._inside[start + 1])
            for label, cost in options:
                yield Edge(end, label, cost + _LENGTH[label][length] + extra, label)
        yield Edge(limit, _OTHER, 12.0 + 0.5 * (limit - start), _OTHER)
