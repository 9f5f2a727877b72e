"""Find the gazetteer's names in a text: each mention with its place, and without those that name a street."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from karez.address.lexicon import Lexicon
from karez.address.places import Level, NameKind

_STREET = re.compile(
    r"[东西南北中]?[一二三四五六七八九十]?"
    r"(?:路(?![南北]区)|街(?!道)|大道|大街|巷|胡同|道(?![里外]区)|桥(?![东西]区)|弄)"
)
"""What makes a short name before it a street: 叶城路, 喀什东路, 南京西路 (but not 唐山路南区, 哈尔滨道里区)."""


class Mention(NamedTuple):
    """A name of the gazetteer in a text, and one place it can mean.

    ``cost`` is 0 for a name found as it is; else what its one reading error costs (`repair.error_cost`).
    """

    start: int
    end: int
    place: int
    level: int
    kind: NameKind
    until: int = 0
    within: str = ""
    cost: float = 0.0

    def overlaps(self, other: "Mention") -> bool:
        """Whether both use some of the same characters."""
        return self.start < other.end and other.start < self.end


def find(text: str, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield every mention, from left to right, longest first."""
    lengths, entries = lexicon.lengths, lexicon.entries
    if len(entries) < len(text):
        yield from _find_each(text, lexicon)
        return
    for start in range(len(text) - 1):
        for length in lengths.get(text[start : start + 2], ()):
            end = start + length
            if end <= len(text):  # a slice beyond the end would be another, shorter name
                for name in entries.get(text[start:end], ()):
                    yield Mention(start, end, *name)


def _find_each(text: str, lexicon: Lexicon) -> list[Mention]:
    """Return the same for a lexicon of few names, by looking for each of them: that is the quicker way then."""
    found = []
    for name, meanings in lexicon.entries.items():
        start = text.find(name)
        while start >= 0:
            found += [Mention(start, start + len(name), *meaning) for meaning in meanings]
            start = text.find(name, start + 1)
    return sorted(found, key=lambda m: (m.start, -m.end))


def find_upper(text: str, lexicon: Lexicon) -> list[Mention]:
    """Return mentions of provinces, prefectures and counties; streets and parts of longer names are left out.

    Short names do not hide what is in them; others do: 喀什噶尔 names neither 喀什 nor 噶尔, 阜新县 is not 新县.
    """
    everything = list(find(text, lexicon))
    spans = [(m.start, m.end) for m in everything if m.kind != NameKind.SHORT or text[m.end - 1] in "县旗"]
    return [m for m in everything if not _is_inside(m, spans) and not _is_street(m, text)]


def _is_inside(mention: Mention, spans: list[tuple[int, int]]) -> bool:
    start, end = mention.start, mention.end
    return any(a <= start and end <= b and (a, b) != (start, end) for a, b in spans)


def _is_street(mention: Mention, text: str) -> bool:
    weak = mention.kind in (NameKind.SHORT, NameKind.ALIAS) or mention.level == Level.TOWNSHIP
    return weak and _STREET.match(text, mention.end) is not None
