"""Mend reading errors: names of the gazetteer that differ from the text by one character."""

from collections import defaultdict
from collections.abc import Iterator

from rapidfuzz.distance import Levenshtein

from karez.address.gazetteer import Gazetteer
from karez.address.mentions import Mention
from karez.address.places import NameKind

_REACH = 24  # characters of the text in which province, prefecture and county stand
_SHORTEST = 3
"""Two-character names are never mended: almost any two characters are one error away from one."""


class Mender:
    """Finds names with one error, by the symmetric-delete method (Garbe, 2012): both sides drop one character."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._index: dict[str, set[str]] = defaultdict(set)
        self._longest = 0
        for name, meanings in gazetteer.upper.entries.items():
            if len(name) >= _SHORTEST and meanings[0].kind != NameKind.SHORT:
                self._longest = max(self._longest, len(name))
                for key in _with_deletions(name):
                    self._index[key].add(name)

    def mentions(self, text: str) -> list[Mention]:
        """Return mentions of names that the text holds with exactly one error."""
        best: dict[tuple[int, int, int], Mention] = {}
        for start, window in self._windows(text):
            for name in self._near(window):
                cost = self._cost(window, name)
                for meaning in self._gazetteer.upper.entries[name]:
                    key = (start, start + len(window), meaning.place)
                    best.setdefault(key, Mention(start, start + len(window), *meaning, cost))
        return list(best.values())

    def _windows(self, text: str) -> Iterator[tuple[int, str]]:
        reach = min(len(text), _REACH)
        for start in range(reach):
            for length in range(_SHORTEST - 1, min(self._longest + 1, reach - start) + 1):
                yield start, text[start : start + length]

    def _near(self, window: str) -> set[str]:
        found: set[str] = set()
        for key in _with_deletions(window):
            found |= self._index.get(key, set())
        return {name for name in found if name != window and Levenshtein.distance(window, name) == 1}

    def _cost(self, window: str, name: str) -> float:
        if len(window) != len(name):
            return 1.0
        wrong, right = next((a, b) for a, b in zip(window, name, strict=True) if a != b)
        table = self._gazetteer.lookalikes
        return 0.5 if right in table.get(wrong, "") or wrong in table.get(right, "") else 1.0


def _with_deletions(name: str) -> Iterator[str]:
    yield name
    for index in range(len(name)):
        yield name[:index] + name[index + 1 :]
