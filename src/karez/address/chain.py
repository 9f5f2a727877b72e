"""Weigh what a text says for each county: its own name, its prefecture, its province, and what contradicts it."""

from dataclasses import dataclass

from karez.address.gazetteer import Gazetteer
from karez.address.mentions import Mention
from karez.address.places import Level, NameKind

OWN_WEIGHT = {NameKind.FULL: 10.0, NameKind.FORMER: 9.0, NameKind.ALIAS: 8.0, NameKind.SHORT: 6.0}
"""How much a county's own name says, by kind; tuned on the train split of the labelled addresses, never on dev."""

PARENT_WEIGHT = {NameKind.FULL: 6.0, NameKind.FORMER: 5.0, NameKind.ALIAS: 4.0, NameKind.SHORT: 4.0}
CONTRADICTION = {Level.PREFECTURE: 5.0, Level.PROVINCE: 7.0}
DISTANCE = 0.35
"""Taken off for each character between a name and the one before it, up to 4 points."""

DISTRICT_SHORT = 2.0
"""Taken off a district's short name: 朝阳, 新华, 和平 are words first and districts second."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What speaks for one county.

    Attributes
    ----------
    mention
        Where the county (or the township that stands for it) is named.
    county
        Its id.
    score
        Higher is better; only differences matter.
    prefecture, province
        The mentions that agree, if any.
    contradicted
        Whether a full name of another prefecture or province stands before it.
    """

    mention: Mention
    county: int
    score: float
    prefecture: Mention | None
    province: Mention | None
    contradicted: bool

    @property
    def supported(self) -> bool:
        """Whether a name above it agrees."""
        return self.prefecture is not None or self.province is not None


def claims(mentions: list[Mention], gazetteer: Gazetteer) -> list[Claim]:
    """Return one claim for each county that is named, best first."""
    best: dict[int, Claim] = {}
    for mention in mentions:
        if mention.level == Level.COUNTY and not _is_shadow(mention, gazetteer):
            claim = weigh(mention, mention.place, mentions, gazetteer)
            if claim.county not in best or claim.score > best[claim.county].score:
                best[claim.county] = claim
    return sorted(best.values(), key=lambda claim: -claim.score)


def _is_shadow(mention: Mention, gazetteer: Gazetteer) -> bool:
    """Whether a short county name is more likely its prefecture's: 乌鲁木齐 is not 乌鲁木齐县.

    喀什 stays: where the prefecture is no city, its short name usually means the city that is its seat.
    """
    if mention.kind != NameKind.SHORT:
        return False
    county = gazetteer.places[mention.place]
    above = gazetteer.places[county.parent]
    if above.level != Level.PREFECTURE or above.name[:2] != county.name[:2]:
        return False
    return above.name.endswith("市") or not county.name.endswith("市")


def weigh(mention: Mention, county: int, mentions: list[Mention], gazetteer: Gazetteer) -> Claim:
    """Weigh one mention as the name of ``county``."""
    place = gazetteer.places[county]
    prefecture = _best(mention, [m for m in mentions if _is_prefecture(m, mention, place.parent)])
    top = gazetteer.ancestor(county, Level.PROVINCE)
    province = _best(mention, [m for m in mentions if top is not None and m.place == top.id], besides=prefecture)
    against = _against(mention, mentions, gazetteer, county)
    score = OWN_WEIGHT[mention.kind] - 3 * mention.cost + min(mention.end - mention.start, 6) * 0.1
    score -= DISTRICT_SHORT if mention.kind == NameKind.SHORT and place.name.endswith("区") else 0.0
    score -= 4.0 if mention.end - mention.start == 2 and mention.kind != NameKind.SHORT else 0.0
    score += sum(PARENT_WEIGHT[m.kind] - 3 * m.cost - (m.start > mention.start) for m in (prefecture, province) if m)
    score -= sum(CONTRADICTION[level] for level in against)
    score -= min(4.0, DISTANCE * _gap(mention, (prefecture, province)))
    return Claim(mention, county, score, prefecture, province, bool(against))


def _is_prefecture(candidate: Mention, county: Mention, parent: int) -> bool:
    """Whether a mention names the county's prefecture, today's or the one it had under its former name."""
    return candidate.level == Level.PREFECTURE and (
        candidate.place == parent or (bool(county.within) and candidate.within == county.within)
    )


def _best(anchor: Mention, found: list[Mention], besides: Mention | None = None) -> Mention | None:
    free = [m for m in found if not m.overlaps(anchor) and not (besides and m.overlaps(besides))]
    return max(free, key=lambda m: (PARENT_WEIGHT[m.kind] - m.cost, m.start < anchor.start, -m.start), default=None)


def _against(mention: Mention, mentions: list[Mention], gazetteer: Gazetteer, county: int) -> set[Level]:
    """Return the levels at which a full name before the mention names something else."""
    levels: set[Level] = set()
    for level in (Level.PREFECTURE, Level.PROVINCE):
        own = gazetteer.ancestor(county, level)
        named = [m for m in mentions if m.level == level and m.end <= mention.start and not m.cost]
        others = [m for m in named if m.kind == NameKind.FULL and (own is None or m.place != own.id)]
        if others and not any(own is not None and m.place == own.id for m in named):
            levels.add(level)
    return levels


def _gap(mention: Mention, above: tuple[Mention | None, Mention | None]) -> int:
    """Return the characters between the mention and what stands before it of its own chain."""
    ends = [m.end for m in above if m is not None and m.end <= mention.start]
    return mention.start - max(ends, default=0)
