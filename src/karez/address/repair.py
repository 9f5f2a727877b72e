"""Mend reading errors: names of the gazetteer that differ from the text by one character."""

from collections import defaultdict
from collections.abc import Iterator

from karez.address.gazetteer import Gazetteer
from karez.address.lexicon import Name
from karez.address.mentions import Mention
from karez.address.places import Level, NameKind

_REACH = 24  # characters of the text in which province, prefecture and county stand
_HOLE = "\0"
_SHORTEST = 3
"""Two-character names are never mended: almost any two characters are one error away from one."""


class Mender:
    """Finds names with one error, by looking up what is left of a name without one of its characters.

    Two tables are made once: names with a character lost, and names with a hole in place of a character. A window of
    the text is then compared with all names by a few look-ups (the symmetric-delete method, Garbe 2012, told apart by
    kind of error, so that nothing needs to be measured afterwards).
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._names: set[str] = set()
        self._lost: dict[str, list[str]] = defaultdict(list)
        self._holed: dict[str, list[str]] = defaultdict(list)
        for name, meanings in gazetteer.upper.entries.items():
            if len(name) >= _SHORTEST and meanings[0].kind != NameKind.SHORT:
                self._names.add(name)
                for lost, holed in _damaged(name):
                    self._lost[lost].append(name)
                    self._holed[holed].append(name)
        self._longest = max(map(len, self._names), default=0)
        self._heads, self._tails = {name[:2] for name in self._names}, {name[-2:] for name in self._names}
        self._rims = {name[0] + name[-1] for name in self._names if len(name) == _SHORTEST}

    def mentions(self, text: str, exact: list[Mention]) -> list[Mention]:
        """Return mentions of names that the text holds with exactly one error.

        A full name found as it is (``exact``) is not in need of repair: nothing of about its length is put over it.
        """
        firm = [
            (m.start, m.end)
            for m in exact
            if m.kind in (NameKind.FULL, NameKind.FORMER) and m.end - m.start >= _SHORTEST
        ]
        best: dict[tuple[int, int, int], Mention] = {}
        for start, window in self._windows(text):
            end = start + len(window)
            if not self._is_likely(window) or self._is_short(window) or _is_generic(window):
                continue
            if any(start < b and a < end and len(window) < b - a + 3 for a, b in firm):
                continue
            for name in sorted(self._near(window)):  # ties must not depend on the process's hash seed
                cost = error_cost(window, name, self._gazetteer.lookalikes)
                if cost == OTHER and window[:-1] == name[:-1]:
                    continue  # 洪山广 is the short name of 洪山区 and the beginning of a word
                for meaning in self._gazetteer.upper.entries[name]:
                    best.setdefault((start, end, meaning.place), Mention(start, end, *meaning, cost))
        return [*best.values(), *self._short_counties(text, exact)]

    def _is_short(self, window: str) -> bool:
        """Whether the words are a short name as they stand: 乌鲁木齐 is not 乌鲁木齐县 with a character lost."""
        return any(name.kind == NameKind.SHORT for name in self._gazetteer.upper.entries.get(window, ()))

    def _short_counties(self, text: str, exact: list[Mention]) -> Iterator[Mention]:
        """Yield two-character counties (涉县) with a look-alike, only right behind their prefecture."""
        for above in exact:
            for number in self._gazetteer.children(above.place) if above.level == Level.PREFECTURE else ():
                name = self._gazetteer.places[number].name
                words = text[above.end : above.end + 2]
                if len(name) == 2 and len(words) == 2 and words[1] == name[1] and words != name:
                    cost = error_cost(words, name, self._gazetteer.lookalikes)
                    if cost == LOOKALIKE:
                        yield Mention(above.end, above.end + 2, number, Level.COUNTY, NameKind.FULL, cost=cost)

    def lone_county(self, text: str) -> Mention | None:
        """Return the one county in force that the beginning of a text misspells by one character, whatever it is.

        For texts in which nothing else is known (枷师县, 岳普胡县): so few counties have a neighbour like it that one
        alone is no chance (of 1,177 counties of three characters 58 have exactly one).
        """
        for end in range(_SHORTEST, self._longest + 1):
            words = text[:end]
            if len(words) == end and words[-1] in "县市":
                near = [name for name in self._near(words) if len(name) == end and name[-1] == words[-1]]
                found = [each for name in near for each in self._gazetteer.upper.entries[name] if _in_force(each)]
                return self._lone(found, end, words[-1])
        return None

    def _lone(self, found: list[Name], end: int, kind: str) -> Mention | None:
        """Return the one that was found; of cities only one of the region that is known to its villages."""
        if len(found) != 1 or (kind == "市" and found[0].place not in self._gazetteer.well_known_counties()):
            return None
        return Mention(0, end, *found[0], OTHER)

    def _windows(self, text: str) -> Iterator[tuple[int, str]]:
        reach = min(len(text), _REACH)
        for start in range(reach):
            for length in range(_SHORTEST - 1, min(self._longest + 1, reach - start) + 1):
                yield start, text[start : start + length]

    def _is_likely(self, window: str) -> bool:
        """Whether one end of the window is a name's: one error cannot damage both."""
        if len(window) < _SHORTEST or window[:2] in self._heads or window[-2:] in self._tails:
            return True
        return len(window) == _SHORTEST and window[0] + window[-1] in self._rims

    def _near(self, window: str) -> set[str]:
        found = set(self._lost.get(window, ()))
        for lost, holed in _damaged(window):
            if lost in self._names:
                found.add(lost)
            if holed in self._holed:
                found.update(self._holed[holed])
        found.discard(window)
        return {name for name in found if not _is_other_kind(window, name)} if found else found


LOOKALIKE, LOST, OTHER = 0.5, 0.75, 1.6
"""Costs of an error: a look-alike read for a character, one lost or doubled, any other (it hardly ever happens)."""


def error_cost(words: str, name: str, lookalikes: dict[str, str]) -> float:
    """Return what the one error between them costs."""
    if len(words) != len(name):
        return LOST
    wrong = [(a, b) for a, b in zip(words, name, strict=True) if a != b]
    if len(wrong) != 1:
        return OTHER
    (read, meant) = wrong[0]
    return LOOKALIKE if meant in lookalikes.get(read, "") or read in lookalikes.get(meant, "") else OTHER


def _in_force(name: Name) -> bool:
    return name.level == Level.COUNTY and name.kind == NameKind.FULL


def _is_generic(window: str) -> bool:
    """Whether the words name no place but a kind of place, alone or behind another character: 市城区 is not 城中区."""
    return len(window) <= _SHORTEST and window[-2:] in _GENERIC


_GENERIC = frozenset(
    ("城区", "市区", "新区", "县城", "郊区", "园区", "社区", "景区", "小区", "校区", "厂区", "老区", "院区", "库区")
)


def _is_other_kind(window: str, name: str) -> bool:
    """Whether the one error would make a district of a street (虎丘路, 虎丘区)."""
    return window[-1] in "路街道巷大村镇乡" and name[-1] != window[-1]


def _damaged(name: str) -> Iterator[tuple[str, str]]:
    """Yield the name without each of its characters, and with a hole in its place."""
    for index in range(len(name)):
        head, tail = name[:index], name[index + 1 :]
        yield head + tail, head + _HOLE + tail
