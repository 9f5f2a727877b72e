"""Where names are too damaged to be found: the county and township of a known region that a text comes nearest to."""

import re
from dataclasses import dataclass
from functools import lru_cache

from karez.address.gazetteer import Gazetteer
from karez.address.lexicon import Name
from karez.address.mentions import Mention
from karez.address.nearness import LOOKALIKE, Lookalikes, Near, is_ended, is_street, likely, near, stem_length
from karez.address.places import Level, NameKind

REACH = 30
"""Characters of the text in which county and township are looked for."""

ENOUGH = 3.2
"""Points that county and township together must reach: about four characters of names that are right."""

ENOUGH_ALONE = 4.0
"""The same for a township without its county."""

LEAD = 1.2
"""Points by which the nearest must lead the next."""

LEAD_BELOW = 0.6
"""Points by which a damaged township or village must lead the next of its county."""

LEAD_BY_ENDING = 0.2
_MOST_BELOW = {3: 1.0, 4: 1.0, 5: 1.3}
_STREET_SOON = re.compile(r".{0,2}(?:路|街|巷|桥|道)")
_LONGEST = 12  # characters of a township's or village's name
_COST_WEIGHT = 2.0
_BESIDE = 0.08  # taken off for each character between county and township


@dataclass(frozen=True, slots=True)
class Closest:
    """The county that a text comes nearest to, and what speaks for it.

    ``county`` and ``township`` are mentions with their cost; one of them may be missing. ``points`` count the
    characters that agree, less what the errors cost.
    """

    place: int
    county: Mention | None
    township: Mention | None
    points: float


def closest_county(text: str, named: list[Mention], gazetteer: Gazetteer) -> Closest | None:
    """Return the one county, of those below the places ``named``, that the text comes nearest to.

    Where nothing is named, of the part of the country that the gazetteer knows to its villages. ``None`` where none is
    near enough, or two are.
    """
    head = _without(named, text)[:REACH]
    alike = lookalikes_of(gazetteer)
    seen = alike.could_be(head)
    found = []
    for county in _domain(named, gazetteer):
        closest = _closest_in(head, county, seen, gazetteer, alike)
        if closest is not None:
            found.append(closest)
    found.sort(key=lambda each: -each.points)
    if not found or found[0].points < ENOUGH or (len(found) > 1 and found[0].points - found[1].points < LEAD):
        return None
    return found[0]


def _without(named: list[Mention], text: str) -> str:
    """Return the text with the names above a county blanked: what is left of 乌鲁木齐市 is not 乌鲁木齐县."""
    for mention in named:
        if mention.level < Level.COUNTY and not mention.cost:
            text = text[: mention.start] + " " * (mention.end - mention.start) + text[mention.end :]
    return text


def _domain(named: list[Mention], gazetteer: Gazetteer) -> list[int]:
    exact = [m for m in named if m.level < Level.COUNTY and not m.cost]
    deepest = max((m.level for m in exact), default=None)
    if deepest is None:
        return list(gazetteer.well_known_counties())
    places = dict.fromkeys(m.place for m in exact if m.level == deepest)
    return [county for place in places for county in gazetteer.counties_of(place)]


def _closest_in(head: str, county: int, seen: set[str], gazetteer: Gazetteer, alike: Lookalikes) -> Closest | None:
    """Return what speaks most for a county: its name and a township's behind or before it, or one of them."""
    own_names, names = gazetteer.names_of_county(county), gazetteer.below(county, short=False).entries
    own = _best(head, own_names, seen, alike)
    start = own[1].end if own else 0
    below, shift = _best(head[start:], names, seen, alike), start
    if own and below is None and own[1].start > 0:
        below, shift = _best(head[: own[1].start], names, seen, alike), 0
    if own and own[1].start > 0:  # 岳善湖县岳普湖镇: the township's name may have been taken for the county's
        whole = _best(head, names, seen, alike)
        before = _best(head[: whole[1].start], own_names, seen, alike) if whole else None
        if before and _points(before) + _points(whole) > _points(own) + _points(below):
            own, below, shift = before, whole, 0
    return _put_together(county, own, below, shift, gazetteer)


def _put_together(
    county: int, own: tuple[str, Near] | None, below: tuple[str, Near] | None, shift: int, gazetteer: Gazetteer
) -> Closest | None:
    if own is None and (below is None or not _speaks_alone(below)):
        return None
    apart = max(0, below[1].start + shift - own[1].end) if own and below else 0
    return Closest(
        county,
        _mention(own, 0, county, Level.COUNTY) if own else None,
        _mention(below, shift, _meant(gazetteer, county, below[0]).place, Level.TOWNSHIP) if below else None,
        _points(own) + _points(below) - _BESIDE * apart,
    )


def _speaks_alone(below: tuple[str, Near]) -> bool:
    """Whether a damaged township can stand for its county: long, and no name that there is everywhere (开发区)."""
    name = below[0]
    return _points(below) >= ENOUGH_ALONE and stem_length(name) >= 4 and name.endswith(("乡", "镇", "街道"))


def _meant(gazetteer: Gazetteer, county: int, name: str) -> Name:
    return gazetteer.below(county, short=False).entries[name][0]


def _mention(found: tuple[str, Near], shift: int, place: int, level: Level) -> Mention:
    where = found[1]
    return Mention(where.start + shift, where.end + shift, place, level, NameKind.FULL, cost=where.cost)


def _points(found: tuple[str, Near] | None) -> float:
    return len(found[0]) - _COST_WEIGHT * found[1].cost if found else 0.0


def nearest_below(
    text: str, names: dict[str, tuple[Name, ...]], gazetteer: Gazetteer, *, reach: int = 6
) -> Mention | None:
    """Return the one township or village of ``names`` that stands in the text with errors, within ``reach``.

    ``None`` where none is near enough or two different places are. Of a name of three characters two must be right, the
    generic word behind it among them, and it must stand at the beginning: 色满路 is not 色满乡, 仁乡 may be 巴仁乡.
    """
    head = text[: reach + _LONGEST]
    alike = lookalikes_of(gazetteer)
    seen = alike.could_be(head)
    found: list[tuple[float, Near, Name]] = []
    for name in likely(names, head, seen):
        where = near(name, head[: reach + len(name) + 2], alike)
        if where is not None and where.start <= reach and _is_near_enough(name, where, head):
            found.append((_points((name, where)) - _BESIDE * where.start, where, names[name][0]))
    found.sort(key=lambda each: -each[0])
    if not found:
        return None
    points, where, best = found[0]
    for rival, there, other in found[1:]:
        is_piece = where.start < there.start and there.end <= where.end
        near_by = points - rival < _lead(best, other, gazetteer)
        if near_by and not is_piece and _today(other, gazetteer) != _today(best, gazetteer):
            return None
    return Mention(where.start, where.end, best.place, best.level, NameKind.FULL, best.until, cost=where.cost)


def _is_near_enough(name: str, where: Near, text: str) -> bool:
    """Whether the words may be the name: at the beginning with some errors, further on with a look-alike at most.

    Where the generic word behind it is not there, nothing tells the name from a house's or street's (昆仑大道,
    花园三单元): it must be long, and stand at the beginning.
    """
    if len(name) < 3 or where.cost > _MOST_BELOW.get(len(name), 2.0):
        return False
    ended = is_ended(name, text, where)
    if where.start > (2 if len(name) > 3 else 0):
        return ended and where.cost <= LOOKALIKE and (len(name) > 3 or where.start <= 2)
    if ended or stem_length(name) < 3 or is_street(text, where):
        return ended
    return where.start <= 1 and not _STREET_SOON.match(text, where.end)


def _lead(best: Name, other: Name, gazetteer: Gazetteer) -> float:
    """Return the lead that is asked for: between 岳普湖乡 and 岳普湖镇 the generic word decides, if it can be read."""
    one, two = gazetteer.places[best.place].name, gazetteer.places[other.place].name
    return LEAD_BY_ENDING if one[: stem_length(one)] == two[: stem_length(two)] else LEAD_BELOW


def _today(name: Name, gazetteer: Gazetteer) -> int:
    successor = gazetteer.places[name.place].successor
    return successor if successor >= 0 else name.place


def _best(text: str, names: dict[str, tuple[Name, ...]], seen: set[str], alike: Lookalikes) -> tuple[str, Near] | None:
    best: tuple[str, Near] | None = None
    for name in likely(names, text, seen):
        where = near(name, text, alike)
        if where is not None and where.cost <= _most(len(name)):
            best = max(best or (name, where), (name, where), key=_points)
    return best


def _most(length: int) -> float:
    return {2: 0.0, 3: 1.0, 4: 1.3}.get(length, 2.0)


@lru_cache(maxsize=2)
def lookalikes_of(gazetteer: Gazetteer) -> Lookalikes:
    """Return the look-alikes of a gazetteer, both ways."""
    return Lookalikes(gazetteer.lookalikes)
