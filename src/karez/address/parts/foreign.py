"""Addresses in Uyghur (Arabic script) and Latin letters: known places, roads by their word, numbers, the rest."""

import re
from typing import NamedTuple

from karez.address.foreign import is_foreign
from karez.address.gazetteer import Gazetteer
from karez.address.parts.labels import Label
from karez.address.places import Level
from karez.address.scripts import fold_latin, fold_uyghur, is_arabic

__all__ = ["foreign_parts", "is_foreign"]

_WORD = re.compile(r"[^\s,،;؛.:()/]+")
_LONGEST = 5  # words in a name
_LABEL = {
    Level.PROVINCE: Label.PROV,
    Level.PREFECTURE: Label.CITY,
    Level.COUNTY: Label.DISTRICT,
    Level.TOWNSHIP: Label.TOWN,
}


def _words(latin: str, uyghur: str) -> frozenset[str]:
    return frozenset(latin.split()) | {fold_uyghur(word) for word in uyghur.split()}


_AFTER_NAME = {
    Label.ROAD: _words(
        "road rd street st avenue ave lu jie dadao lane alley donglu xilu nanlu beilu zhonglu yoli yol kochisi",
        "يولى يول كوچىسى كوچا",
    ),
    Label.DISTRICT: _words("county xian nahiyisi nahiye city shi shehri sheher", "ناھىيىسى شەھرى"),
    Label.TOWN: _words("town township zhen xiang jiedao subdistrict bazari yezisi", "بازىرى يېزىسى"),
    Label.COMMUNITY: _words("village cun community shequ kenti mehellisi", "كەنتى كەنت مەھەللىسى"),
}
"""Words behind a name that say what it is the name of."""

_BEFORE_NUMBER = {
    "no": Label.ROADNO,
    "number": Label.ROADNO,
    "building": Label.HOUSENO,
    "unit": Label.CELLNO,
    "floor": Label.FLOORNO,
    "room": Label.ROOMNO,
}
_AFTER_NUMBER = {
    "hao": Label.ROADNO,
    "dong": Label.HOUSENO,
    "danyuan": Label.CELLNO,
    "ceng": Label.FLOORNO,
    "shi": Label.ROOMNO,
    **dict.fromkeys((fold_uyghur("نومۇر"), fold_uyghur("نومۇرلۇق")), Label.ROADNO),
}


class _Word(NamedTuple):
    """A word of the text; ``joined``: only spaces stand between it and the word before."""

    start: int
    end: int
    folded: str
    joined: bool


def foreign_parts(text: str, gazetteer: Gazetteer) -> list[tuple[Label, int, int]]:
    """Return (label, start, end) of the parts of an address without Chinese words, from left to right."""
    words = _split(text)
    found: list[tuple[Label, int, int]] = []
    here = 0
    while here < len(words):
        label, length = _part(words, here, gazetteer, found[-1][0] if found else None)
        start, end = words[here].start, words[here + length - 1].end
        if label is Label.OTHERINFO and found and found[-1][0] is label:
            start = found.pop()[1]
        found.append((label, start, end))
        here += length
    return found


def _split(text: str) -> list[_Word]:
    fold = fold_uyghur if is_arabic(text) else fold_latin
    words: list[_Word] = []
    for match in _WORD.finditer(text):
        joined = bool(words) and text[words[-1].end : match.start()].isspace()
        words.append(_Word(match.start(), match.end(), fold(match[0]), joined))
    return words


def _part(words: list[_Word], here: int, gazetteer: Gazetteer, before: Label | None) -> tuple[Label, int]:
    """Return what the words from ``here`` on are, and how many belong to it."""
    if any(map(str.isdigit, words[here].folded)):
        return _number(words, here, before)
    if here + 1 < len(words) and words[here + 1].folded.isdigit() and words[here].folded in _BEFORE_NUMBER:
        return _BEFORE_NUMBER[words[here].folded], 2
    known = _known(words, here, gazetteer)
    if known is not None:
        return known
    for label in _AFTER_NAME:
        length = _named(words, here, label)
        if length:
            return label, length
    return Label.OTHERINFO, 1


def _known(words: list[_Word], here: int, gazetteer: Gazetteer) -> tuple[Label, int] | None:
    """Return the longest known name, with the word behind it that says what it is the name of."""
    for length in range(_joined(words, here, _LONGEST), 0, -1):
        meanings = gazetteer.foreign.entries.get(" ".join(word.folded for word in words[here : here + length]))
        if meanings:
            if _joined(words, here, length + 1) > length:
                behind = words[here + length].folded
                for label, endings in _AFTER_NAME.items():
                    if behind in endings:
                        return label, length + 1
            return _LABEL[Level(min(meaning.level for meaning in meanings))], length
    return None


def _joined(words: list[_Word], here: int, most: int) -> int:
    """Return how many words from ``here`` on, at most so many, stand together without punctuation."""
    length = 1
    while length < most and here + length < len(words) and words[here + length].joined:
        length += 1
    return length


def _named(words: list[_Word], here: int, label: Label) -> int:
    """Return how many words a name is long that ends in a word of the label; 0 where it is none."""
    endings = _AFTER_NAME[label]
    for length in range(2, _joined(words, here, 3) + 1):
        if words[here + length - 1].folded in endings:
            inner = words[here : here + length - 1]
            return 0 if any(word.folded.isdigit() or word.folded in endings for word in inner) else length
    return 0


def _number(words: list[_Word], here: int, before: Label | None) -> tuple[Label, int]:
    """Return what a number is: by the word in or behind it, else a number on the road that was named."""
    inner = words[here].folded.split()
    if len(inner) > 1 and inner[-1] in _AFTER_NAME[Label.COMMUNITY]:
        return Label.COMMUNITY, 1
    behind = words[here + 1].folded if here + 1 < len(words) and words[here + 1].joined else ""
    if behind in _AFTER_NUMBER:
        return _AFTER_NUMBER[behind], 2
    return (Label.ROADNO if before is Label.ROAD else Label.OTHERINFO), 1
