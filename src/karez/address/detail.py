"""Township and village within a county that is already known."""

import re
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from karez.address.gazetteer import Gazetteer
from karez.address.mentions import Mention, find
from karez.address.places import Level, NameKind, Place

_REACH = 60  # characters after the county in which a township can stand
_STREET_LIKE = re.compile(r"(?:路|街|大道|巷|桥)$")
_AFTER_SHORT = re.compile(r"$|[0-9\s]|[^路街道大]{0,6}[村组队社连]|街道|镇|乡")
_TOWNSHIP_LIKE = re.compile(r"^(.{1,12}?(?:街道|镇|乡))")


@dataclass(frozen=True, slots=True)
class Detail:
    """What stands below the county; ``mended`` where a reading error was repaired."""

    township: Place | None
    village: Place | None
    named: Place | None  # the township as the text calls it: a former one has moved or was renamed
    mended: bool = False


def below_county(text: str, county: int, start: int, gazetteer: Gazetteer) -> Detail:
    """Find township and village of ``county`` in ``text`` from ``start`` on."""
    tail = text[start : start + _REACH]
    mention, mended = _township(tail, county, gazetteer), False
    if mention is None:
        mention = _mended_township(tail, county, gazetteer)
        mended = mention is not None
    if mention is None:
        return _by_village(tail, county, gazetteer)
    named = gazetteer.places[mention.place]
    township = gazetteer.places[named.successor] if named.successor >= 0 else named
    village = _village(tail[mention.end :], township.id, gazetteer)
    return Detail(township, village, named, mended)


def _township(tail: str, county: int, gazetteer: Gazetteer) -> Mention | None:
    full = sorted(find(tail, gazetteer.below(county, short=False)), key=lambda m: m.start - 0.4 * (m.end - m.start))
    if full:
        return full[0]
    for mention in find(tail, gazetteer.below(county, short=True)):
        name = tail[mention.start : mention.end]
        near = mention.start <= 2 or len(name) >= 4
        if near and not _STREET_LIKE.search(name) and _AFTER_SHORT.match(tail, mention.end):
            return mention
    return None


def _mended_township(tail: str, county: int, gazetteer: Gazetteer) -> Mention | None:
    """Compare the first township-like words with the county's townships; one clear nearest wins."""
    found = _TOWNSHIP_LIKE.match(tail)
    if found is None:
        return None
    word = found[1]
    ranked: list[tuple[int, int]] = []
    for name, meanings in gazetteer.below(county, short=False).entries.items():
        allowed = 1 if len(name) < 5 else 2
        distance = Levenshtein.distance(word, name, score_cutoff=allowed)
        if len(name) >= 3 and distance <= allowed:
            ranked.append((distance, meanings[0].place))
    ranked.sort()
    if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    return Mention(0, len(word), ranked[0][1], Level.TOWNSHIP, NameKind.FULL, cost=1.0)


def _village(tail: str, township: int, gazetteer: Gazetteer) -> Place | None:
    found = sorted(find(tail, gazetteer.below(township, short=False)), key=lambda m: (m.start, -m.end))
    return gazetteer.places[found[0].place] if found else None


def _by_village(tail: str, county: int, gazetteer: Gazetteer) -> Detail:
    """Where no township is named: a village whose name only one township of the county has."""
    hits: dict[int, Place] = {}
    for number in gazetteer.children(county):
        village = _village(tail, number, gazetteer) if gazetteer.children(number) else None
        if village is not None and len(village.name) >= 4:
            hits[number] = village
    if len(hits) != 1:
        return Detail(None, None, None)
    township, village = next(iter(hits.items()))
    return Detail(gazetteer.places[township], village, gazetteer.places[township])
