"""Township and village within a county that is already known."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from karez.address.closest import nearest_below
from karez.address.gazetteer import Gazetteer
from karez.address.mentions import Mention, find
from karez.address.nearness import LOOKALIKE, stem_length
from karez.address.places import Place

_REACH = 60  # characters after the county in which a township can stand
_STREET_LIKE = re.compile(r"(?:路|街|大道|巷|桥)$")
_STREET_SOON = re.compile(r".?(?:路|街(?!道)|巷|桥)|大道")
_AFTER_SHORT = re.compile(r"$|[0-9\s]|[^路街道大]{0,6}[村组队社连]|街道|镇|乡")
_ROAD_OR_NUMBER = re.compile(r"[0-9]|(?:路|大道|巷|桥|街)$")
_IN_A_TOWNSHIP = re.compile(r"[村组队连](?!委会)|街道")

_OTHER_SCRIPT = re.compile(r"^[^一-鿿0-9]+(?=[一-鿿])")
_SHORTEST_BEFORE = 2  # characters before the county that can be a township's
_REACH_OF_VILLAGE = 10  # characters behind the county in which a damaged township may stand before its village


@dataclass(frozen=True, slots=True)
class Detail:
    """What stands below the county.

    Attributes
    ----------
    named
        The township as the text calls it: a former one has moved or was renamed.
    cost
        What the reading errors cost that were mended in them (`nearness`); 0 where they stand as they are.
    doubtful
        No township was found, but words that look like a damaged one stand where it would: that the address names
        none cannot be said.
    elsewhere
        Townships of other counties nearby that the words behind this county's name name in full: the county has none
        of that name, so that one of the two is wrong.
    """

    township: Place | None
    village: Place | None
    named: Place | None
    cost: float = 0.0
    doubtful: bool = False
    elsewhere: tuple[Place, ...] = ()

    @property
    def mended(self) -> bool:
        """Whether a reading error was repaired."""
        return self.cost > 0


def below_county(text: str, county: int, start: int, gazetteer: Gazetteer, *, before: int = 0) -> Detail:
    """Find township and village of ``county`` in ``text`` from ``start`` on; else, as they stand, up to ``before``.

    In this order: a township's full name; a village's name that only one township of the county has; a township's
    short name; a township's name with errors; such a village's name with errors.
    """
    tail = _without_repeats(text[start : start + _REACH], county, gazetteer)
    found = _as_written(tail, county, gazetteer)
    if found is None and before > _SHORTEST_BEFORE:
        found = _as_written(text[max(0, before - _REACH) : before], county, gazetteer)
    return found or _damaged(tail, county, gazetteer)


def _without_repeats(tail: str, county: int, gazetteer: Gazetteer) -> str:
    """Return the text without the county's name, and those above it, said once more, also in other letters."""
    above = [gazetteer.places[number].name for number in (county, *gazetteer.above_county(county)) if number >= 0]
    while repeated := next((name for name in above if tail.startswith(name)), None):
        tail = tail[len(repeated) :]
    return _OTHER_SCRIPT.sub("", tail)


def _as_written(text: str, county: int, gazetteer: Gazetteer) -> Detail | None:
    mention = _full(text, county, gazetteer)
    by_village = _by_village(text, county, gazetteer) if mention is None else None
    if by_village is not None:
        return by_village
    mention = mention or _short(text, county, gazetteer)
    return _with_village(text, mention, gazetteer) if mention else None


def _damaged(tail: str, county: int, gazetteer: Gazetteer) -> Detail:
    elsewhere = _elsewhere(tail, county, gazetteer)
    if elsewhere:
        return Detail(None, None, None, doubtful=True, elsewhere=elsewhere)
    mention = nearest_below(tail, gazetteer.below(county, short=False).entries, gazetteer)
    if mention is not None and not _begins_with_village(tail, county, gazetteer):
        return _with_village(tail, mention, gazetteer)
    by_village = _by_damaged_village(tail, county, gazetteer)
    return by_village or Detail(None, None, None, doubtful=_may_name_one(tail, county, gazetteer))


def _elsewhere(tail: str, county: int, gazetteer: Gazetteer) -> tuple[Place, ...]:
    """Return the townships of the same prefecture whose full name begins the text; of the well known region alone.

    Elsewhere the lists of townships are not so sure that a name which a county lacks would say much.
    """
    if county not in gazetteer.well_known_counties():
        return ()
    names, prefecture = gazetteer.townships, gazetteer.above_county(county)[0]
    for length in names.lengths.get(tail[:2], ()):
        meanings = names.entries.get(tail[:length], ()) if length <= len(tail) else ()
        places = {_today(gazetteer.places[each.place], gazetteer) for each in meanings}
        near = [each for each in places if not each.until and gazetteer.above_county(each.parent)[0] == prefecture >= 0]
        if near:
            return tuple(sorted(near, key=lambda each: each.id))
    return ()


def _today(township: Place, gazetteer: Gazetteer) -> Place:
    return gazetteer.places[township.successor] if township.successor >= 0 else township


def _with_village(text: str, mention: Mention, gazetteer: Gazetteer) -> Detail:
    named = gazetteer.places[mention.place]
    township = _today(named, gazetteer)
    village = _village(text[mention.end :], township.id, gazetteer)
    place = gazetteer.places[village.place] if village else None
    return Detail(township, place, named, mention.cost + (village.cost if village else 0.0))


def _full(tail: str, county: int, gazetteer: Gazetteer) -> Mention | None:
    """Return the first full name, where two overlap the longer one; none that is what is left of a longer one."""
    names = gazetteer.below(county, short=False)
    first = min(find(tail, names), key=lambda m: m.start - 0.4 * (m.end - m.start), default=None)
    return None if first is None or _is_remainder(tail, first, names.entries) else first


def _is_remainder(tail: str, mention: Mention, names: Iterable[str]) -> bool:
    """Whether a longer name of the county ends so, and a character of its beginning stands before: 格阿瓦提乡."""
    if mention.start == 0:
        return False
    words = tail[mention.start : mention.end]
    stem = words[: stem_length(words)]
    longer = (name.partition(stem)[0] for name in names if stem in name)
    return any(tail[mention.start - 1] in beginning for beginning in longer)


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
            or _is_remainder(tail, mention, gazetteer.below(county, short=False).entries)
            or _STREET_LIKE.search(name)
            or _STREET_SOON.match(tail, mention.end)
        ):
            continue
        if tail[mention.start : mention.end + 1] in gazetteer.villages_of(county).entries:
            continue  # 英买里村 is a village, and not always of 英买里镇
        if len(name) >= 3 or _AFTER_SHORT.match(tail, mention.end):
            return mention
    return None


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


def _village(tail: str, township: int, gazetteer: Gazetteer) -> Mention | None:
    names = gazetteer.below(township, short=False)
    found = sorted(find(tail, names), key=lambda m: (m.start, -m.end))
    if found and not _is_remainder(tail, found[0], names.entries):
        return found[0]
    return nearest_below(tail, names.entries, gazetteer, reach=3) or (found[0] if found else None)


def _by_village(tail: str, county: int, gazetteer: Gazetteer) -> Detail | None:
    """Return the township whose village stands at the beginning, where only one township has a village of that name."""
    telling = gazetteer.telling_villages(county)
    found = next((m for m in find(tail, gazetteer.villages_of(county)) if m.end - m.start > 2 + m.start), None)
    return _of_village(found, gazetteer) if found and tail[found.start : found.end] in telling else None


def _by_damaged_village(tail: str, county: int, gazetteer: Gazetteer) -> Detail | None:
    """Return the same where the village stands behind words that cannot be read, or is damaged itself.

    Looked for only where a village or group is named at all. A village as it is written that several townships have
    tells nothing, and is not taken for another one; nor is what begins with a short name that two townships share.
    """
    if not _IN_A_TOWNSHIP.search(tail) or _begins_with_shared(tail, county, gazetteer):
        return None
    telling, every = gazetteer.telling_villages(county), gazetteer.villages_of(county)
    written = next((m for m in find(tail, every) if m.start <= _REACH_OF_VILLAGE and m.end - m.start > 2), None)
    if written is not None:
        long = written.end - written.start > 3 and tail[written.start : written.end] in telling
        return _of_village(written._replace(cost=LOOKALIKE), gazetteer) if long else None
    near = nearest_below(tail, every.entries, gazetteer)
    name = gazetteer.places[near.place].name if near else ""
    return _of_village(near, gazetteer) if near and name in telling and len(name) > 4 else None


def _begins_with_village(tail: str, county: int, gazetteer: Gazetteer) -> bool:
    """Whether a village as it is written begins the text: then it is no township with an error."""
    return any(m.start == 0 and m.end > 3 for m in find(tail[:_REACH_OF_VILLAGE], gazetteer.villages_of(county)))


def _begins_with_shared(tail: str, county: int, gazetteer: Gazetteer) -> bool:
    names = gazetteer.below(county, short=True)
    return any(m.start == 0 and len(names.entries[tail[: m.end]]) > 1 for m in find(tail[:_REACH_OF_VILLAGE], names))


def _of_village(mention: Mention, gazetteer: Gazetteer) -> Detail:
    village = gazetteer.places[mention.place]
    township = gazetteer.places[village.parent]
    return Detail(township, village, township, mention.cost)
