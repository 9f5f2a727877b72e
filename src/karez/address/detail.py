"""Township and village within a county that is already known."""

import re
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from karez.address.gazetteer import Gazetteer, Name
from karez.address.mentions import Mention, find
from karez.address.places import Level, NameKind, Place
from karez.address.repair import error_cost

_REACH = 60  # characters after the county in which a township can stand
_STREET_LIKE = re.compile(r"(?:路|街|大道|巷|桥)$")
_AFTER_SHORT = re.compile(r"$|[0-9\s]|[^路街道大]{0,6}[村组队社连]|街道|镇|乡")
_ROAD_OR_NUMBER = re.compile(r"[0-9]|(?:路|大道|巷|桥|街)$")
_IN_A_TOWNSHIP = re.compile(r"[村组队连](?!委会)|街道")
_TOWNSHIP_LIKE = re.compile(r"^(.{1,12}?(?:街道|镇|乡))")


@dataclass(frozen=True, slots=True)
class Detail:
    """What stands below the county.

    Attributes
    ----------
    named
        The township as the text calls it: a former one has moved or was renamed.
    mended
        A reading error was repaired.
    doubtful
        No township was found, but words that look like a damaged one stand where it would: that the address names
        none cannot be said.
    """

    township: Place | None
    village: Place | None
    named: Place | None
    mended: bool = False
    doubtful: bool = False


def below_county(text: str, county: int, start: int, gazetteer: Gazetteer) -> Detail:
    """Find township and village of ``county`` in ``text`` from ``start`` on.

    In this order: a township's full name; a village's name that only one township of the county has; a township's
    short name; a township's name with one error.
    """
    tail = text[start : start + _REACH]
    mention = _full(tail, county, gazetteer)
    if mention is None:
        by_village = _by_village(tail, county, gazetteer)
        if by_village is not None:
            return by_village
        mention = _short(tail, county, gazetteer)
    mended = mention is None
    if mention is None:
        mention = _mended(tail, county, gazetteer)
    if mention is None:
        mention = _damaged_ending(tail, county, gazetteer)
    if mention is None:
        return Detail(None, None, None, doubtful=_may_name_one(tail, county, gazetteer))
    named = gazetteer.places[mention.place]
    township = gazetteer.places[named.successor] if named.successor >= 0 else named
    return Detail(township, _village(tail[mention.end :], township.id, gazetteer), named, mended)


def _full(tail: str, county: int, gazetteer: Gazetteer) -> Mention | None:
    """Return the first full name, where two overlap the longer one."""
    found = find(tail, gazetteer.below(county, short=False))
    return min(found, key=lambda m: m.start - 0.4 * (m.end - m.start), default=None)


def _short(tail: str, county: int, gazetteer: Gazetteer) -> Mention | None:
    """Return a short name at the beginning: long ones (乃则尔巴格) in any company, pairs (荒地) before a village.

    A short name of two townships (前海街道, 前海镇) is nobody's.
    """
    names = gazetteer.below(county, short=True)
    for mention in find(tail, names):
        name = tail[mention.start : mention.end]
        if (
            len(names.entries[name]) > 1
            or mention.start > 1
            or _STREET_LIKE.search(name)
            or _STREET_LIKE.search(tail[: mention.end + 2])
        ):
            continue
        if len(name) >= 3 or _AFTER_SHORT.match(tail, mention.end):
            return mention
    return None


def _is_shared(meanings: tuple[Name, ...]) -> bool:
    """Whether a name means two townships in force, or (where none is) two that are gone."""
    living = [meaning for meaning in meanings if not meaning.until]
    return len(living or meanings) > 1


def _mended(tail: str, county: int, gazetteer: Gazetteer) -> Mention | None:
    """Compare the first township-like words with the county's townships; one clear nearest wins."""
    found = _TOWNSHIP_LIKE.match(tail)
    if found is None:
        return None
    word = found[1]
    ranked: list[tuple[float, int]] = []
    for name, meanings in gazetteer.below(county, short=False).entries.items():
        allowed = 1 if len(name) < 5 else 2
        distance = Levenshtein.distance(word, name, score_cutoff=allowed)
        if len(name) >= 3 and distance <= allowed:
            cost = distance - 1 + error_cost(word, name, gazetteer.lookalikes)
            ranked.append((cost + 0.25 * (meanings[0].until > 0), meanings[0].place))
    ranked.sort()
    if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    return Mention(0, len(word), ranked[0][1], Level.TOWNSHIP, NameKind.FULL, cost=1.0)


def _damaged_ending(tail: str, county: int, gazetteer: Gazetteer) -> Mention | None:
    """Return the one township whose name stands at the beginning with one error, also in its 街道, 镇 or 乡.

    A name of three characters must differ by a look-alike: 色满路 is a road, not the township 色满乡.
    """
    near = set()
    for name, meanings in gazetteer.below(county, short=False).entries.items():
        word = tail[: len(name)]
        if len(name) < 3 or _STREET_LIKE.search(word) or Levenshtein.distance(word, name, score_cutoff=1) != 1:
            continue
        if len(name) > 3 or error_cost(word, name, gazetteer.lookalikes) < 1:
            near.add((len(name), meanings[0].place))
    if len({place for _, place in near}) != 1:
        return None
    length, place = near.pop()
    return Mention(0, length, place, Level.TOWNSHIP, NameKind.FULL, cost=1.0)


def _may_name_one(tail: str, county: int, gazetteer: Gazetteer) -> bool:
    """Whether a township may be named that cannot be read.

    A village, a group or the word 街道 stands in the text (they belong to townships), or the first words are half of a
    township's name and not a road.
    """
    if _IN_A_TOWNSHIP.search(tail):
        return True
    names = gazetteer.below(county, short=False).entries
    return any(_is_half_of(tail[: len(name)], name) for name in names if len(name) >= 3)


def _is_half_of(word: str, name: str) -> bool:
    if len(word) < len(name) or _ROAD_OR_NUMBER.search(word):
        return False
    ending = word[-2:] if len(name) < 5 else ""
    allowed = len(name) // 2 if any(each in ending for each in "街道镇乡") else (len(name) - 1) // 2
    return Levenshtein.distance(word, name) <= allowed


def _village(tail: str, township: int, gazetteer: Gazetteer) -> Place | None:
    found = sorted(find(tail, gazetteer.below(township, short=False)), key=lambda m: (m.start, -m.end))
    return gazetteer.places[found[0].place] if found else None


def _by_village(tail: str, county: int, gazetteer: Gazetteer) -> Detail | None:
    """Return the township whose village stands at the beginning, where only one township has a village of that name."""
    for mention in find(tail, gazetteer.villages_of(county)):
        if mention.start > 1 or mention.end - mention.start < 4:
            continue
        meanings = gazetteer.villages_of(county).entries[tail[mention.start : mention.end]]
        if len(meanings) > 1:
            return None
        village = gazetteer.places[mention.place]
        township = gazetteer.places[village.parent]
        return Detail(township, village, township)
    return None
