"""Names and what each of them can mean."""

from collections import defaultdict
from typing import NamedTuple

from karez.address.places import NameKind


class Name(NamedTuple):
    """One way a name can be meant: which place, and how the name stands to it."""

    place: int
    level: int
    kind: NameKind
    until: int = 0
    within: str = ""


class Lexicon:
    """Names → what they can mean, with the lengths to try at each position of a text."""

    def __init__(self) -> None:
        self.entries: dict[str, tuple[Name, ...]] = {}
        self._lengths: dict[str, set[int]] = defaultdict(set)
        self.lengths: dict[str, tuple[int, ...]] = {}

    def add(self, name: str, meaning: Name) -> None:
        """Add one meaning; the same place twice under one name keeps the first, stronger kind."""
        known = self.entries.get(name)
        if known is None:
            self.entries[name] = (meaning,)
            self._lengths[name[:2]].add(len(name))
        elif all(entry.place != meaning.place for entry in known):
            self.entries[name] = (*known, meaning)

    def seal(self) -> None:
        """Make it ready for look-up; longest names are tried first."""
        self.lengths = {head: tuple(sorted(found, reverse=True)) for head, found in self._lengths.items()}
