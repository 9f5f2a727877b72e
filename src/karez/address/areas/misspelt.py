"""Which names of an areas file a word may be: with one character misread, left out, or doubled."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from karez.address.repair import LOOKALIKE, error_cost

_SHORTEST = 3
"""Two characters are too few to tell anything."""
_HOLE = "\0"
_SIBLINGS = ("东西南北中", "一二三四五六七八九十", "0123456789")
"""人民东路 and 人民西路, 建设一路 and 建设二路 are roads of their own, not one misread for the other."""


class Misspelt:
    """Finds names by what is left of them without one of their characters.

    A road or estate that the file does not know may really be called almost the same (天山路, 天南路). That cannot be
    told from a misreading, so such a word is no more than a reason to ask.
    """

    def __init__(self, names: Mapping[str, object], lookalikes: dict[str, str]) -> None:
        self._names, self._lookalikes = frozenset(names), lookalikes
        self._holed: dict[str, list[str]] = defaultdict(list)
        self._shortened: dict[str, list[str]] = defaultdict(list)
        for text in names:
            for holed in _holed(text):
                self._holed[holed].append(text)
                self._shortened[holed.replace(_HOLE, "")].append(text)

    def meant_by(self, word: str) -> Iterator[str]:
        """Yield the names that a word may be.

        人民路 may be 人民东路 or 人民西路 without its middle; but 人民东路 is another road than 人民路.
        """
        for written in (name for holed in _holed(word) for name in self._holed.get(holed, ())):
            if error_cost(word, written, self._lookalikes) == LOOKALIKE or not _are_siblings(word, written):
                yield written
        yield from self._shortened.get(word, ())
        for index in range(1, len(word)):
            once = word[:index] + word[index + 1 :]
            if word[index] == word[index - 1] and once in self._names:
                yield once


def _holed(word: str) -> Iterator[str]:
    """Yield a word with a hole in place of each character."""
    if len(word) >= _SHORTEST:
        yield from (f"{word[:index]}{_HOLE}{word[index + 1 :]}" for index in range(len(word)))


def _are_siblings(word: str, name: str) -> bool:
    """Whether the one character that differs is one of a set by which roads or estates are told apart."""
    pairs = [(a, b) for a, b in zip(word, name, strict=True) if a != b]
    return any(a in each and b in each for a, b in pairs for each in _SIBLINGS)
