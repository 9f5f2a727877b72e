"""Names that no list knows (roads, estates, companies, villages): every stretch of text that could be one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from karez.address.parts.labels import Label
from karez.address.parts.lattice import KEEP, KEEP_DASHED, NOTHING, Edge
from karez.address.parts.transitions import ESTATE, INDEX, JOINED, MARKET
from karez.address.parts.words import BESIDE, ENDINGS, ENDS_IN, JOINS, LONGEST, QUALIFIES, TO_THE_COURIER, WITHIN

_LONGEST_NAME = 20
_STANDS_ALONE = frozenset({Label.COMMUNITY, Label.SUBPOI, Label.PERSON, Label.DEVZONE, Label.SUBROAD})
_LENGTH_COSTS: dict[Label, tuple[float, ...]] = {
    # cost of a name of 1, 2, 3, ... characters; beyond the last, 0.6 more for each
    Label.ROAD: (9, 1.8, 0, 1.6, 3.2, 5, 6.5, 8),
    Label.SUBROAD: (9, 0.5, 0, 1.2, 2.6, 4.5, 6, 8),
    Label.POI: (8, 1.3, 0.4, 0, 0.3, 0.7, 1.1, 1.4, 2.0, 2.2, 2.5, 2.8, 3.1, 3.5),
    Label.SUBPOI: (8, 0.5, 0.4, 0.3, 0.8, 1, 1.3, 1.6, 2, 2.2, 2.5, 3),
    Label.PERSON: (9, 1, 0.6, 0.3, 0.5, 1, 1.4, 1.8, 2, 2.2, 2.4, 3),
    Label.COMMUNITY: (9, 0.8, 0, 0.8, 2.2, 3.5, 5),
    Label.TOWN: (9, 1.5, 0, 0.3, 2.5, 4, 5),
    Label.DISTRICT: (9, 1.5, 0, 0.8, 2, 3, 4),
    Label.DEVZONE: (9, 2, 1.5, 1.5, 0, 0.7, 0.7, 1.5, 2),
}
_LENGTH = {
    INDEX[label]: [0.0, *costs, *(costs[-1] + 0.6 * more for more in range(1, _LONGEST_NAME))]
    for label, costs in _LENGTH_COSTS.items()
}
_UNMARKED = tuple(
    (INDEX[label], cost)
    for label, cost in (
        (Label.POI, 0.5),
        (Label.SUBPOI, 1.2),
        (Label.PERSON, 1.0),
        (Label.COMMUNITY, 1.6),
        (Label.TOWN, 4.5),
        (Label.ROAD, 3.2),
    )
)
_MARKED = {word: tuple((INDEX[label], cost) for label, cost in options) for word, options in ENDINGS.items()}
_GENERIC = frozenset(
    word for word, options in ENDINGS.items() if not any(label in _STANDS_ALONE for label, _ in options)
)
_DISTRICT = INDEX[Label.DISTRICT]
_POI, _SUBPOI, _PERSON = INDEX[Label.POI], INDEX[Label.SUBPOI], INDEX[Label.PERSON]
_ROAD, _SUBROAD = INDEX[Label.ROAD], INDEX[Label.SUBROAD]
_ASSIST, _REDUNDANT, _OTHER = INDEX[Label.ASSIST], INDEX[Label.REDUNDANT], INDEX[Label.OTHERINFO]
_PUNCTUATION = re.compile(r"[^\w\s]+|_+")
_SPACE = re.compile(r"\s+")
_BARRIER = re.compile(r"[^\w\s]+|_+|\s+")
_ALNUM = re.compile(r"[0-9A-Za-z]+")
_A_NUMBER_IN_A_NAME = 6.0
_ROADS = frozenset({INDEX[Label.ROAD], INDEX[Label.SUBROAD]})

_ONLY_TURNED = 2.0
_TURNS = "东西南北中一二三四五六七八九十大"  # 解放东路 is as long a name as 解放路
_OF_THE_VILLAGE = ("民", "委")
_A_NUMBERED_AREA = 1.5  # C区, 2区 as the end of a name
_NO_START = frozenset("号栋幢室层楼单与和跟口旁内的段期镇乡区县路街村道组社委会")
_A_WRONG_START = 4.0
_KNOWN_INSIDE = 0.55
_COUNTED = re.compile(r"[一二三四五六七八九十百负]+(?:号楼|楼|层|幢|栋|单元|座|室|排|号|组|弄)")
_WEAK_END = 2.0  # 园 or 电 within a name is seldom its end, where no number or other part follows
_A_PART = re.compile(
    "[东西南北]?[一二三四五六七八九]区|[东西南北中]区|[一二三四五六七八九]期|[东西南北]大?[门楼]|后门|地下室|住院部"
)
_A_SIDE = re.compile("[旁内]|[东西南北侧外](?=[0-9]|$)")
_ALONE = 5.5  # 小区 or 街道 alone is hardly a name
_BESIDE = re.compile("|".join(BESIDE))
_COURIER = re.compile("|".join(TO_THE_COURIER))


_HELD = {
    **{INDEX[label]: 1.0 for label in (Label.POI, Label.SUBPOI, Label.PERSON, Label.DEVZONE)},
    _DISTRICT: -1.0,
}
"""Label → share of the endings and names inside that speak for it: a POI holds them, a district hardly."""


class _Option(NamedTuple):
    """One label that a name can have by what it ends in: cost, cost by length, share of `_inside`, state behind it."""

    label: int
    cost: float
    by_length: Sequence[float]
    held: float
    state: int


class Spans:
    """The stretches of one text that could be names, and the words between them."""

    def __init__(self, text: str, known: Mapping[int, Sequence[Edge]]) -> None:
        self._text = text
        length = len(text)
        self._barriers = [*sorted(m.start() for m in _BARRIER.finditer(text)), length]
        self._runs = [(m.start(), m.end()) for p in (_ALNUM, _COUNTED) for m in p.finditer(text)]
        self._areas = {
            end
            for _, end in self._runs
            if text[end : end + 1] in "路街" or (text[end : end + 1] == "区" and text[end - 1].isalpha())
        }
        self._stops = self._find_stops(frozenset(known))
        self._ends = [(end, self._options(end)) for end in range(1, length + 1)]
        self._ends = [(end, options) for end, options in self._ends if options]
        self._inside = [0.0] * (length + 1)
        for end in range(1, length + 1):
            if text[end - 1] in ENDS_IN:
                self._inside[end] = min(
                    WITHIN.get(text[max(0, end - size) : end], 0.0) for size in range(1, LONGEST + 1)
                )
        for edge in (edge for edges in known.values() for edge in edges):
            self._inside[edge.end] = min(self._inside[edge.end], _KNOWN_INSIDE * max(edge.cost, -5.5))
        self._inside = list(accumulate(self._inside))

    def _find_stops(self, known_starts: frozenset[int]) -> frozenset[int]:
        stops = {start for start, _ in self._runs} | set(self._barriers) | known_starts
        stops |= {m.start() for m in _BESIDE.finditer(self._text) if len(m[0]) > 1}
        stops |= {m.start() for m in _COURIER.finditer(self._text)}
        stops |= {m.start() for m in _A_SIDE.finditer(self._text)}
        stops |= {m.start() for m in _A_PART.finditer(self._text)}
        return frozenset(stops)

    def _options(self, end: int) -> tuple[_Option, ...]:
        """Return what a name that ends at ``end`` can be."""
        options: dict[int, float] = {}
        if self._text[end - 1] in ENDS_IN:
            for length in range(1, LONGEST + 1):
                for label, cost in _MARKED.get(self._text[max(0, end - length) : end], ()):
                    options[label] = min(cost, options.get(label, cost))
            if self._text[end - 1] == "区" and len(options) > 2:
                del options[_DISTRICT]  # 小区, 工业区, 南区
            if self._text[end - 1] == "村" and self._text[end : end + 1] in _OF_THE_VILLAGE:
                options.clear()
            if _POI in options:
                options[_SUBPOI] = min(options[_POI] + 0.7, options.get(_SUBPOI, 9))
                options[_PERSON] = min(options[_POI] + 1.5, options.get(_PERSON, 9))
            if _ROAD in options:
                options[_SUBROAD] = min(options[_ROAD], options.get(_SUBROAD, 9))
            if options.get(_POI, -9) >= QUALIFIES and end not in self._stops:
                for label in (_POI, _SUBPOI, _PERSON):
                    options[label] += _WEAK_END
        if end in self._stops:
            for label, cost in _UNMARKED:
                options[label] = min(cost, options.get(label, cost))
        turned = self._text[max(0, end - 2)] in _TURNS
        return tuple(self._option(label, cost, end, turned) for label, cost in options.items())

    def _option(self, label: int, cost: float, end: int, turned: bool) -> _Option:
        by_length = _LENGTH[label]
        if turned and label in _ROADS:
            by_length = [*by_length[:2], by_length[2] + _ONLY_TURNED, *by_length[2:]]
        state = label
        if label == _POI:
            state = ESTATE if self._text[end - 1] in "区苑园" else MARKET if self._is_market(end) else label
        return _Option(label, cost, by_length, _HELD.get(label, 0.0), state)

    def _is_market(self, end: int) -> bool:
        return self._text[end - 1] == "城" or self._text.endswith("市场", 0, end)

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
            yield Edge(beside.end(), _ASSIST, self._beside_cost(start, beside[0]), _ASSIST)
        courier = _COURIER.match(text, start)
        if courier is not None:
            yield Edge(courier.end(), _REDUNDANT, -4.0 * len(courier[0]) + 4, KEEP)
        if (
            text[start] == "一"
            and 0 < start < len(text) - 1
            and text[start - 1].isascii()
            and text[start + 1].isascii()
        ):
            yield Edge(start + 1, _REDUNDANT, 0.3, KEEP_DASHED)

    def _start_costs(self, start: int) -> dict[int, float]:
        """Return what names of single labels cost more here: a part of a POI does not begin with 商城 or 大厦."""
        begins_generic = any(self._text[start : start + length] in _GENERIC for length in (2, 3, 4))
        return {_SUBPOI: 2.0, _POI: 0.8} if begins_generic else {}

    def _beside_cost(self, start: int, word: str) -> float:
        """Return the cost of an assist; 中, 东 or 口 alone begin names, unless a number or the end follows."""
        if len(word) > 1:
            return -4.0 * len(word) + 2
        behind = self._text[start + 1 : start + 2]
        if not behind or behind.isdigit() or start + 1 in self._stops:
            return -2.5
        if word == "口" and start and self._text[start - 1] in "路街巷弄道":
            return -3.0
        return 0.0 if word in "旁内" else 2.5

    def _names(self, start: int) -> Iterator[Edge]:
        limit = next(barrier for barrier in self._barriers if barrier > start)
        limit = min(limit, start + _LONGEST_NAME)
        wrong = _A_WRONG_START if self._text[start] in _NO_START else 0.0
        own = self._start_costs(start)
        inside = [begin for begin, end in self._runs if end > start]
        for end, options in self._ends:
            if end <= start:
                continue
            if end > limit:
                break
            length = end - start
            extra = wrong + (_A_NUMBER_IN_A_NAME * sum(begin < end for begin in inside) if inside else 0.0)
            if inside and end - 1 in self._areas and start < end - 3:
                extra += _A_NUMBERED_AREA - _A_NUMBER_IN_A_NAME
            if length <= 6 and self._text[start:end] in _GENERIC:
                extra += _ALONE
            within = self._inside[end - 1] - self._inside[start + 1] if length > 2 else 0.0
            for label, cost, by_length, held, state in options:
                yield Edge(end, label, cost + by_length[length] + extra + held * within + own.get(label, 0.0), state)
        yield Edge(limit, _OTHER, 12.0 + 0.5 * (limit - start), _OTHER)
