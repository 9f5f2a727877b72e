"""Two addresses in one text that nothing tells apart: then neither of them is the destination."""

from karez.address.chain import Claim
from karez.address.gazetteer import Gazetteer
from karez.address.mentions import Mention
from karez.address.places import Level, NameKind

STREET = 3
"""Characters that stand between two addresses at least: a street of the first. 龙口市西城区 is one address."""


def second_address(text: str, won: Claim, mentions: list[Mention], gazetteer: Gazetteer) -> list[Claim]:
    """Return the county of another whole address in the text, as a claim beside the one that won; else nothing.

    A county's full name that begins the text, with a street behind it before the winner's own names begin; or one
    behind the winner's street that stands right behind its own prefecture or province, or behind a house's number.
    """
    begin, end = _chain_start(won.mention, mentions, gazetteer), won.mention.end
    for mention in mentions:
        if (
            mention.level != Level.COUNTY
            or mention.kind != NameKind.FULL
            or mention.cost
            or mention.place == won.county
        ):
            continue
        chain = _chain_start(mention, mentions, gazetteer)
        before = chain == 0 and mention.end + STREET <= begin
        behind = chain >= end + STREET and (chain < mention.start or _after_a_house(mention, text, gazetteer))
        if (before or behind) and not _is_around(mention.place, won.county, gazetteer):
            return [Claim(mention, mention.place, won.score, None, None, contradicted=False)]
    return []


def _after_a_house(county: Mention, text: str, gazetteer: Gazetteer) -> bool:
    """Whether a county or city (not 西区, which estates have) stands right behind the number of a house or room."""
    district = gazetteer.places[county.place].name.endswith("区")
    return not district and county.end - county.start > 2 and text[county.start - 1] in _HOUSE_ENDS


_HOUSE_ENDS = frozenset("号室楼栋幢座层") | frozenset("0123456789")


def _chain_start(county: Mention, mentions: list[Mention], gazetteer: Gazetteer) -> int:
    """Return where the names above a county begin that stand right before it, or its own beginning."""
    above = set(gazetteer.above_county(county.place))
    start, names = county.start, [m for m in mentions if m.place in above and not m.cost]
    while (before := next((m for m in names if m.end == start), None)) is not None:
        start = before.start
    return start


def _is_around(one: int, other: int, gazetteer: Gazetteer) -> bool:
    """Whether two counties are one place by another name: 和田市 behind 和田县, 喀什市 and what lies in it."""
    return gazetteer.places[one].name[:2] == gazetteer.places[other].name[:2]
