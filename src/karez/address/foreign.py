"""Uyghur and Latin addresses: names found as words, whatever endings Uyghur puts behind them."""

import re

from karez.address.gazetteer import Gazetteer, Name
from karez.address.mentions import Mention
from karez.address.scripts import fold_latin, fold_uyghur, is_arabic

_LONGEST = 5  # words in a name
_LATIN = re.compile(r"[A-Za-z]{4,}")


def is_foreign(text: str) -> bool:
    """Whether the text has to be read as Uyghur or Latin: it has such words, and no Chinese ones."""
    return not re.search(r"[一-鿿]{2}", text) and (is_arabic(text) or _LATIN.search(text) is not None)


def find_foreign(text: str, gazetteer: Gazetteer) -> list[Mention]:
    """Return mentions in a Uyghur or Latin text; positions count words, in the order of the text."""
    words = fold_uyghur(text).split() if is_arabic(text) else fold_latin(text).split()
    found: list[Mention] = []
    for start in range(len(words)):
        for length in range(min(_LONGEST, len(words) - start), 0, -1):
            meanings = _meanings(words[start : start + length], gazetteer)
            found += [Mention(start, start + length, *meaning) for meaning in meanings]
    inside = [(m.start, m.end) for m in found]
    return [m for m in found if not any(a <= m.start and m.end <= b and b - a > m.end - m.start for a, b in inside)]


def _meanings(words: list[str], gazetteer: Gazetteer) -> tuple[Name, ...]:
    """Look the words up as they are, then written in one word (Kona Sheher, Konasheher)."""
    entries = gazetteer.foreign.entries
    phrase = " ".join(words)
    if phrase in entries:
        return entries[phrase]
    joined = "".join(words)
    return entries.get(joined, ()) if len(words) > 1 else ()
