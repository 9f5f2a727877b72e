"""Uyghur and Latin addresses: names found as words, exactly or with a reading error, in any order."""

import re

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from karez.address.detail import Detail
from karez.address.gazetteer import Gazetteer
from karez.address.lexicon import Name
from karez.address.mentions import Mention
from karez.address.normalise import chinese_number
from karez.address.places import Level
from karez.address.scripts import COUNTY_WORD, fold_latin, fold_uyghur, is_arabic

_LONGEST = 5  # words in a name
_LATIN = re.compile(r"[A-Za-z]{4,}")
_HAN = re.compile(r"[一-鿿]{2}")
_ROADS = frozenset(
    fold_uyghur(word) if is_arabic(word) else word
    for word in (
        *("road", "rd", "street", "st", "avenue", "ave", "lu", "jie", "dadao", "lane", "alley"),
        *("يولى", "يول", "كوچىسى", "كوچا"),
    )
)
_COUNTY, _CITY, _TOWN = (
    frozenset(fold_uyghur(word) if is_arabic(word) else word for word in words)
    for words in (
        ("county", "xian", "nahiyisi", "nahiye", "ناھىيىسى"),
        ("city", "shi", "shehri", "sheher", "شەھرى"),
        ("town", "township", "zhen", "xiang", "jiedao", "subdistrict", "bazari", "yezisi", "بازىرى", "يېزىسى"),
    )
)
"""Words behind a name that say which of the places of that name is meant."""

_HOUSES = frozenset(
    (
        *("hotel", "hostel", "inn", "guesthouse", "guest", "restaurant", "bazaar", "bazar", "market", "mall", "plaza"),
        *("square", "hospital", "school", "university", "bank", "station", "airport", "park", "garden", "gardens"),
        *("center", "centre", "tower", "mosque", "company", "factory", "store", "shop"),
    )
)
_KINDS = {"town": "镇", "zhen": "镇", "township": "乡", "xiang": "乡", "jiedao": "道", "subdistrict": "道"} | {
    fold_uyghur("بازىرى"): "镇",
    fold_uyghur("يېزىسى"): "乡",
}
"""What the word behind a township's name says of its kind, where several bear the name (前海镇, 前海街道)."""

_TUAN = fold_uyghur("تۇەن")
_REGIMENT_APART = re.compile(rf"\b([0-9]{{1,3}}) (tuan|{_TUAN})\b")
_REGIMENT = re.compile(rf"([0-9]{{1,3}})(?:tuan|{_TUAN})")

_SHORTEST_MENDED = {"arabic": 5, "latin": 7}
"""Letters that a word needs to be mended; Latin words of other languages come near a short pinyin name too easily."""


def is_foreign(text: str) -> bool:
    """Whether the text has to be read as Uyghur or Latin: it has such words, and no Chinese ones."""
    return not _HAN.search(text) and has_foreign(text)


def has_foreign(text: str) -> bool:
    """Whether the text has Uyghur or Latin words at all."""
    return is_arabic(text) or _LATIN.search(text) is not None


def find_foreign(text: str, gazetteer: Gazetteer) -> list[Mention]:
    """Return mentions in the Uyghur (else the Latin) words of a text; positions count words.

    Where no county is named exactly, words with a reading error are mended: one letter, two in long names.
    """
    uyghur = is_arabic(text)
    words = fold_uyghur(text).split() if uyghur else fold_latin(text).split()
    words = _letters(words)
    found = _find(words, gazetteer, shortest=0)
    if not any(m.level == Level.COUNTY for m in found):
        found = _find(words, gazetteer, shortest=_SHORTEST_MENDED["arabic" if uyghur else "latin"])
    found += _regiments(words, gazetteer)
    return _as_leveled([m for m in found if not _is_street(m, words)], words, gazetteer)


def _regiments(words: list[str], gazetteer: Gazetteer) -> list[Mention]:
    """Return the towns that regiments became, named by their number: ``51tuan``, ``51تۇەن`` (the number is joined)."""
    found = []
    for index, word in enumerate(words):
        number = _REGIMENT.fullmatch(word)
        if number is not None:
            name = chinese_number(int(number[1])) + "团"
            found += [Mention(index, index + 1, *each) for each in gazetteer.townships.entries.get(name, ())]
    return found


def _letters(words: list[str]) -> list[str]:
    """Return the words without house numbers; the number of a regiment is joined to its word."""
    joined = _REGIMENT_APART.sub(r"\1\2", " ".join(words))
    return [word for word in joined.split() if not word.isdigit()]


def _as_leveled(found: list[Mention], words: list[str], gazetteer: Gazetteer) -> list[Mention]:
    """Leave out meanings that the word behind a name excludes (Hetian Xian, Hetian Shi), or that nothing speaks for."""
    return [m for m in found if not _is_excluded(m, found, words, gazetteer)]


def _is_excluded(mention: Mention, found: list[Mention], words: list[str], gazetteer: Gazetteer) -> bool:
    behind = words[mention.end] if mention.end < len(words) else ""
    twins = [m for m in found if (m.start, m.end) == (mention.start, mention.end)]
    place = gazetteer.places[mention.place]
    if place.level == Level.TOWNSHIP:
        return behind not in _TOWN and any(m.place == place.parent for m in twins)
    if place.level != Level.COUNTY:
        return False
    if behind in _TOWN:
        elsewhere = any(m.level == Level.COUNTY and m not in twins for m in found)
        return elsewhere and any(m.level == Level.TOWNSHIP for m in twins)
    if behind in _COUNTY or behind in _CITY:
        ending = "县" if behind in _COUNTY else "市"
        return not place.name.endswith(ending) and _ends_so(twins, ending, gazetteer)
    return any(m.place == place.parent and gazetteer.places[m.place].name.endswith("市") for m in twins)


def _ends_so(twins: list[Mention], ending: str, gazetteer: Gazetteer) -> bool:
    return any(m.level <= Level.COUNTY and gazetteer.places[m.place].name.endswith(ending) for m in twins)


def _find(words: list[str], gazetteer: Gazetteer, *, shortest: int) -> list[Mention]:
    found: list[Mention] = []
    for start in range(len(words)):
        for length in range(min(_LONGEST, len(words) - start), 0, -1):
            part = words[start : start + length]
            meanings = _meanings(part, gazetteer)
            cost = 0.0
            if not meanings and shortest:
                meanings, cost = _mended(" ".join(part), shortest, gazetteer), 1.0
            found += [Mention(start, start + length, *meaning)._replace(cost=cost) for meaning in meanings]
    return [m for m in found if not any(_covers(other, m) for other in found)]


def _covers(longer: Mention, mention: Mention) -> bool:
    """Whether a longer name (or an exact one, over a mended one) stands over the mention."""
    around = longer.start <= mention.start and mention.end <= longer.end
    bigger = longer.end - longer.start > mention.end - mention.start and longer.cost <= mention.cost
    return (around and bigger) or (longer.overlaps(mention) and longer.cost < mention.cost)


def _is_street(mention: Mention, words: list[str]) -> bool:
    return mention.end < len(words) and words[mention.end] in _ROADS


def _meanings(words: list[str], gazetteer: Gazetteer) -> tuple[Name, ...]:
    """Look the words up as they are, then written in one word (Kona Sheher, Konasheher)."""
    entries = gazetteer.foreign.entries
    phrase = " ".join(words)
    if phrase in entries:
        return entries[phrase]
    return entries.get("".join(words), ()) if len(words) > 1 else ()


def _mended(phrase: str, shortest: int, gazetteer: Gazetteer) -> tuple[Name, ...]:
    """Return what the one nearest name means; nothing where two are as near."""
    if len(phrase) < shortest:
        return ()
    cutoff = 1 if len(phrase) < 9 else 2
    near = process.extract(
        phrase, gazetteer.foreign.entries.keys(), scorer=Levenshtein.distance, score_cutoff=cutoff, limit=2
    )
    if not near or (len(near) > 1 and near[0][1] == near[1][1]):
        return ()
    return gazetteer.foreign.entries[near[0][0]]


def says_county(text: str) -> bool:
    """Whether the text has the word for county: then a city that is named beside it is not the destination."""
    if is_arabic(text):
        return COUNTY_WORD in fold_uyghur(text).split()
    return "county" in fold_latin(text).split()


def _is_house(township: Mention, words: list[str]) -> bool:
    """Whether a township's name only begins a house's: Seman Hotel."""
    return township.end < len(words) and words[township.end] in _HOUSES


def foreign_detail(text: str, mentions: list[Mention], county: int, gazetteer: Gazetteer) -> Detail:
    """Return the township of the county that is named, if any is; doubtful where one is named that is not known."""
    words = fold_uyghur(text).split() if is_arabic(text) else fold_latin(text).split()
    letters = _letters(words)
    own = [m for m in mentions if m.level == Level.TOWNSHIP and gazetteer.places[m.place].parent == county]
    named = [m for m in own if not _is_house(m, letters)]
    if not named:
        return Detail(None, None, None, doubtful=not _TOWN.isdisjoint(words))
    first = [m for m in named if (m.start, m.end) == (named[0].start, named[0].end)]
    kinds = _KINDS.get(letters[first[0].end] if first[0].end < len(letters) else "", "")
    told = [m for m in first if gazetteer.places[m.place].name.endswith(tuple(kinds))] if kinds else []
    meant = told or first
    if len({m.place for m in meant}) > 1:
        return Detail(None, None, None, doubtful=True)
    mention = meant[0]
    place = gazetteer.places[mention.place]
    return Detail(place, None, place, mention.cost)
