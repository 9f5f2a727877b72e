"""Villages that a text names without 村 or 社区, behind their township: 廿三里街道荷叶塘3号."""

import re
from collections.abc import Set

from karez.address.parts.labels import Label
from karez.address.parts.lattice import Edge
from karez.address.parts.transitions import INDEX
from karez.address.parts.villages import load_villages
from karez.address.parts.words import WITHIN

_COMMUNITY = INDEX[Label.COMMUNITY]
_COSTS = {2: -1.0, 3: -2.0, 4: -3.0}  # by length: stems of two characters stand everywhere
_GOES_ON = 1.0  # where other words follow: 钱江 may begin a longer name
_WORDS = re.compile("[一-鿿]{2,4}")
_COUNTED = frozenset("一二三四五六七八九十")


def stem_edges(text: str, start: int, counties: Set[str]) -> list[Edge]:
    """Return the villages whose stem stands at ``start``; ``counties``: the codes of those that the text names."""
    run = _WORDS.match(text, start)
    if run is None:
        return []
    villages = load_villages()
    edges: list[Edge] = []
    for length, cost in _COSTS.items():
        end = start + length
        if end > run.end() or _is_generic(text, end):
            continue
        if any(villages.has(county, text[start:end]) for county in counties):
            more = _GOES_ON if _WORDS.match(text, end) else 0.0
            edges.append((end, _COMMUNITY, cost + more, _COMMUNITY))
    return edges


def _is_generic(text: str, start: int) -> bool:
    """Say whether 工业区 or the like stands there, which is no name without what stands before it."""
    return text[start : start + 1] not in _COUNTED and any(text[start : start + n] in WITHIN for n in (2, 3, 4))
