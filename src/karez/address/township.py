"""Where no county is named: a township can stand for it, if it is the only one of its name, or its parents agree."""

import re
from dataclasses import replace

from karez.address.above import Above
from karez.address.chain import Claim, weigh
from karez.address.gazetteer import Gazetteer
from karez.address.mentions import Mention, find
from karez.address.places import Level, NameKind

_MAINLAND = frozenset("123456")  # first digits of codes

_TOWNSHIP_AGREES = 8.0
"""County and township of it together: hardly ever by accident."""

_LESS_THAN_A_COUNTY = 3.5
"""A township's full name says less than a county's: names repeat across the country."""


def townships(text: str, mentions: list[Mention], gazetteer: Gazetteer) -> list[Mention]:
    """Return the townships named in full, the longest where they overlap, none over a county's own longer name."""
    named = [m for m in find(text, gazetteer.townships) if not any(m.overlaps(u) for u in _stronger(m, mentions))]
    return _longest(named)


def without_beginnings(mentions: list[Mention], text: str, gazetteer: Gazetteer) -> list[Mention]:
    """Leave out short names of counties that only begin the full name of another county's township: 伽师总场.

    And of Taiwan's townships, which stand where counties stand (大同乡), those in a text that names a place above.
    """
    kept = [m for m in mentions if m.kind != NameKind.SHORT or not _is_piece(m, text, gazetteer)]
    elsewhere = any(m.level < Level.COUNTY and gazetteer.places[m.place].code[:1] in _MAINLAND for m in kept)
    return [m for m in kept if not elsewhere or m.level < Level.COUNTY or gazetteer.places[m.place].code]


def _is_piece(mention: Mention, text: str, gazetteer: Gazetteer) -> bool:
    """Whether a short name is a house's or village's, or begins a township's of another county.

    洪山广场 stands where it likes; in the region that is known to its villages, 莎车大酒店 stands in 莎车 all the same.
    """
    if mention.level != Level.COUNTY:
        return False
    house = _HOUSE.match(text, mention.end) is not None and mention.place not in gazetteer.well_known_counties()
    return house or _begins_another_s(mention, text, gazetteer)


_HOUSE = re.compile(
    r"(?:国际|大)?(?:广场|大厦|酒店|商场|商城|花园|小区|公寓|家园|市场|宾馆|饭店|中心|医院|新?村(?!镇))"
)


def _begins_another_s(mention: Mention, text: str, gazetteer: Gazetteer) -> bool:
    names = gazetteer.townships
    for length in names.lengths.get(text[mention.start : mention.start + 2], ()):
        end = mention.start + length
        meanings = names.entries.get(text[mention.start : end], ()) if mention.end < end <= len(text) else ()
        if meanings:
            return all(_county_today(each.place, gazetteer) != mention.place for each in meanings)
    return False


def _county_today(township: int, gazetteer: Gazetteer) -> int:
    successor = gazetteer.places[township].successor
    return gazetteer.places[successor if successor >= 0 else township].parent


def claims_by_township(towns: list[Mention], mentions: list[Mention], gazetteer: Gazetteer) -> list[Claim]:
    """Return a claim for each county whose township is named in full.

    Only townships below a named prefecture or province count, where one is named and has such a township.
    """
    above = Above(mentions)
    found = [_claim(mention, above, gazetteer) for mention in towns]
    supported = [claim for claim in found if claim.supported]
    return supported or found


def with_township(claim: Claim, towns: list[Mention], gazetteer: Gazetteer) -> Claim:
    """Return the claim, stronger where a township of the same county stands beside the county's name."""
    own = any(gazetteer.places[t.place].parent == claim.county and not t.overlaps(claim.mention) for t in towns)
    return replace(claim, score=claim.score + _TOWNSHIP_AGREES) if own else claim


def _stronger(township: Mention, mentions: list[Mention]) -> list[Mention]:
    length = township.end - township.start
    return [m for m in mentions if m.level <= Level.COUNTY and not m.cost and m.end - m.start >= length]


def _longest(named: list[Mention]) -> list[Mention]:
    spans = {(m.start, m.end) for m in named}
    return [m for m in named if not any(a <= m.start and m.end <= b and (a, b) != (m.start, m.end) for a, b in spans)]


def _claim(mention: Mention, above: Above, gazetteer: Gazetteer) -> Claim:
    named = gazetteer.places[mention.place]
    today = gazetteer.places[named.successor] if named.successor >= 0 else named
    claim = weigh(mention, today.parent, above, gazetteer)
    return replace(claim, score=claim.score - _LESS_THAN_A_COUNTY - (1.0 if today.until else 0.0))
