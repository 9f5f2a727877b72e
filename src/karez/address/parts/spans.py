"""Names that no list knows (roads, estates, companies, villages): every stretch of a text that could be one."""

import re
from bisect import bisect
from collections.abc import Mapping, Sequence
from itertools import accumulate

from karez.address.parts.between import BARRIER, stops
from karez.address.parts.labels import Label
from karez.address.parts.lattice import Edge
from karez.address.parts.names import LONGEST_NAME, options, within
from karez.address.parts.transitions import INDEX
from karez.address.parts.words import ALONE, LONGEST

_POI, _SUBPOI, _OTHER = INDEX[Label.POI], INDEX[Label.SUBPOI], INDEX[Label.OTHERINFO]
_ALNUM = re.compile(r"[0-9A-Za-z]*[0-9][0-9A-Za-z]*|(?<![0-9A-Za-z])[A-Za-z]{1,2}(?![0-9A-Za-z])")
_COUNTED = re.compile(r"[一二三四五六七八九十百负]+(?:号楼|楼|层|幢|栋|单元|座|室|排|号|组|弄)")
_A_PART = re.compile(
    "[东西南北]?[一二三四五六七八九]区|[东西南北中]区|[一二三四五六七八九]期|[东西南北]大?[门楼]|后门|地下室|住院部"
)
_A_NUMBER_INSIDE = 6.0
_A_LETTER_FIRST = 4.5  # e电园, KT猫专柜
_A_NUMBER_BEFORE_THE_END = 1.5  # 蓝畈小区C区, 西园5路, 夏马勒巴格(14)村
_BEHIND_A_NUMBER = ("路", "街", ")村")
_SHORTEST_WITH_A_NUMBER = 4
_NO_START = frozenset("号栋幢室层楼单与和跟口旁内的段期镇乡区县路街村道组社委会")
_A_WRONG_START = 4.0
_BEGINS_GENERIC = {_SUBPOI: 2.0, _POI: 1.6}  # nor does a part of a POI begin with 商城 or 大厦
_KNOWN_INSIDE, _FULL_INSIDE, _FULL_COST = 0.55, 0.2, -8.5
_A_PLACE = 4.0  # 余杭区 is no POI
_HOPELESS = 6.0  # a name that costs as much is not worth looking at
_KNOWN_LEAST = -5.5


class Spans:
    """The stretches of one text that could be names.

    Attributes
    ----------
    firm
        Where names have to end: numbers, marks and words like 对面 begin there.
    stops
        The same, and where known names begin.
    """

    def __init__(self, text: str, known: Mapping[int, Sequence[Edge]]) -> None:
        self._text, self._known = text, known
        length = len(text)
        self._barriers = [*(match.start() for match in BARRIER.finditer(text)), length]
        self._runs = [(match.start(), match.end()) for p in (_ALNUM, _COUNTED) for match in p.finditer(text)]
        found = stops(text) | {start for start, _ in self._runs} | {length}
        self.firm = frozenset(found | {match.start() for match in _A_PART.finditer(text)})
        self.stops = self.firm | known.keys()
        self._ends = [(end, options(text, end, end in self.stops)) for end in range(1, length + 1)]
        self._ends = [(end, found) for end, found in self._ends if found]
        self._places = [end for end, _ in self._ends]
        self._inside = list(accumulate(self._worth_inside(known)))

    def _worth_inside(self, known: Mapping[int, Sequence[Edge]]) -> list[float]:
        """Return, for every place, what a name that runs on over it gains by the word that ends there."""
        worth = [0.0, *(within(self._text, end) for end in range(1, len(self._text) + 1))]
        for edges in known.values():
            for end, _, cost, state in edges:
                if state >= 0:
                    share = _FULL_INSIDE if cost < _FULL_COST else _KNOWN_INSIDE
                    worth[end] = min(worth[end], share * max(cost, _KNOWN_LEAST))
        return worth

    def edges_at(self, start: int) -> list[Edge]:
        """Return the names that could start here, and for want of any, the rest as other information."""
        text = self._text
        limit = min(next(barrier for barrier in self._barriers if barrier > start), start + LONGEST_NAME)
        own = self._start_costs(start)
        numbers = sorted(run for run in self._runs if run[1] > start and run[0] < limit)
        first_number = numbers[0][0] if numbers else limit
        wrong = _A_WRONG_START if text[start] in _NO_START else 0.0
        places = {end for end, _, cost, state in self._known.get(start, ()) if state >= 0 and cost < _FULL_COST}
        edges: list[Edge] = [(limit, _OTHER, 12.0 + 0.5 * (limit - start), _OTHER)]
        for end, found in self._ends[bisect(self._places, start) :]:
            if end > limit:
                break
            length = end - start
            extra = wrong + (self._numbers_cost(numbers, start, end) if end > first_number else 0.0)
            if end in places:
                extra += _A_PLACE
            if length <= LONGEST:
                extra += ALONE.get(text[start:end], 0.0)
            inside = self._inside[end - 1] - self._inside[start + 1] if length > 2 else 0.0
            for label, cost, by_length, held, state in found:
                total = cost + by_length[length] + extra + held * inside + own.get(label, 0.0)
                if total < _HOPELESS:
                    edges.append((end, label, total, state))
        return edges

    def _numbers_cost(self, numbers: Sequence[tuple[int, int]], start: int, end: int) -> float:
        """Return what the numbers inside a name cost: they hardly belong there, but right before 区, 路 or 村."""
        inside = sum(begin < end for begin, _ in numbers)
        if self._text[start : numbers[0][1]].isalpha() and numbers[0][1] < end:
            return _A_LETTER_FIRST + _A_NUMBER_INSIDE * (inside - 1)
        after = max(last for begin, last in numbers if begin < end)
        behind = self._text[after:end]
        is_area = behind == "区" and self._text[after - 1].isalpha()
        if end - start >= _SHORTEST_WITH_A_NUMBER and (is_area or behind in _BEHIND_A_NUMBER):
            return _A_NUMBER_INSIDE * (inside - 1) + _A_NUMBER_BEFORE_THE_END
        return _A_NUMBER_INSIDE * inside

    def _start_costs(self, start: int) -> dict[int, float]:
        begins_generic = any(self._text[start : start + length] in ALONE for length in (2, 3, 4))
        return _BEGINS_GENERIC if begins_generic else {}
