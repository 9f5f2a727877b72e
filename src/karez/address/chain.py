"""Weigh what a text says for each county: its own name, its prefecture, its province, and what contradicts it."""

from collections.abc import Iterable
from dataclasses import dataclass

from karez.address.above import Above
from karez.address.gazetteer import Gazetteer
from karez.address.mentions import Mention
from karez.address.places import Level, NameKind, Place

OWN_WEIGHT = {NameKind.FULL: 10.0, NameKind.FORMER: 9.0, NameKind.ALIAS: 8.0, NameKind.SHORT: 6.0}
"""How much a county's own name says, by kind; tuned on the train split of the labelled addresses, never on dev."""

PARENT_WEIGHT = {NameKind.FULL: 6.0, NameKind.FORMER: 5.0, NameKind.ALIAS: 4.0, NameKind.SHORT: 4.0}
CONTRADICTION = 5.0
"""Taken off where a place above the county is another's, once: a wrong city most often brings its province along."""

DAMAGED_AND_CONTRADICTED = 8.0
"""Taken off a mended name, or one of two characters (城区), that what stands above it contradicts."""

DISTANCE = 0.35
"""Taken off for each character between a name and the one before it, up to 4 points."""

MARGIN = 2.5
"""Points by which the best claim must lead; tuned on the train split."""

_LENGTH_WEIGHT, _LENGTH_MOST = 0.1, 6
"""A long name says a little more, for each of its characters up to this many."""

DISTRICT_SHORT = 2.0
"""Taken off a district's short name: 朝阳, 新华, 和平 are words first and districts second."""

CITY_AND_MORE = 5.0
"""Taken off 市南, 市北 and 市中 not right behind the name above: 平市南村 is a damaged city and a village."""

LOOSE_PAIR = 4.0
"""Taken off a two-character name (城区, 新县) not right behind the name above it, and off former ones (郊区) anyway."""

RECENT = 2015
"""A former name that ended before it yields to a county that bears the name today."""

ZONE = 2.0
"""Taken off a development zone that only the statistical list counts as a county."""

BEYOND = 3.0
"""Taken off districts of Hong Kong, Macao and Taiwan where nothing above them is named."""

LOOSE_SHORT = 2.0
"""Taken off a short name between other words where nothing above it is named: 88 % of those are houses' names."""

UNSUPPORTED_REPAIR = 3.0
"""Taken off a mended name where nothing above it agrees: three characters with one wrong can be many things."""


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
    gap
        Characters between the name and the one above it (or the start of the text).
    """

    mention: Mention
    county: int
    score: float
    prefecture: Mention | None
    province: Mention | None
    contradicted: bool
    gap: int = 0

    @property
    def supported(self) -> bool:
        """Whether a name above it agrees."""
        return self.prefecture is not None or self.province is not None


def claims(mentions: list[Mention], gazetteer: Gazetteer, *, any_order: bool = False) -> list[Claim]:
    """Return one claim for each county that is named, best first.

    ``any_order`` is for Uyghur and Latin: distances between names say nothing there.
    """
    best: dict[int, Claim] = {}
    above = Above(mentions)
    cities = {(m.start, m.end) for m in above.prefectures if m.kind == NameKind.FULL}
    most = 0.0
    for limit, mention in _by_limit(mentions, above, gazetteer):
        if limit < most - MARGIN:
            break  # no later one can come near
        if not _is_shadow(mention, cities, gazetteer):
            claim = weigh(mention, mention.place, above, gazetteer, any_order=any_order)
            if claim.county not in best or claim.score > best[claim.county].score:
                best[claim.county] = claim
                most = max(most, claim.score)
    return sorted(_without_outdated(best.values()), key=lambda claim: -claim.score)


def _by_limit(mentions: list[Mention], above: Above, gazetteer: Gazetteer) -> list[tuple[float, Mention]]:
    """Return the mentions of counties with the most points each could have, the promising ones first."""
    found = []
    for mention in mentions:
        if mention.level == Level.COUNTY:
            middle, top = gazetteer.above_county(mention.place)
            parents = (middle in above.places or bool(mention.within)) + (top in above.places)
            own = OWN_WEIGHT[mention.kind] + _LENGTH_WEIGHT * _LENGTH_MOST
            found.append((own + parents * PARENT_WEIGHT[NameKind.FULL], mention))
    return sorted(found, key=lambda each: -each[0])


def _without_outdated(found: Iterable[Claim]) -> list[Claim]:
    """Leave out a former meaning of a name that a county bears today, unless only the former one is supported."""
    found = list(found)
    living = [c for c in found if c.mention.kind == NameKind.FULL and not c.mention.cost]

    def outdated(claim: Claim) -> bool:
        if claim.mention.kind != NameKind.FORMER or claim.mention.until >= RECENT:
            return False
        here = (claim.mention.start, claim.mention.end)
        return any((c.mention.start, c.mention.end) == here and (c.supported or not claim.supported) for c in living)

    return [claim for claim in found if not outdated(claim)]


def _is_shadow(mention: Mention, cities: set[tuple[int, int]], gazetteer: Gazetteer) -> bool:
    """Whether a county's name is more likely its prefecture's.

    乌鲁木齐 is not 乌鲁木齐县; 抚州市 is the prefecture-level city of today, not the county-level one of before 2000.
    喀什 stays: where the prefecture is no city, its short name usually means the city that is its seat.
    """
    if mention.kind not in (NameKind.FORMER, NameKind.SHORT):
        return False
    if (mention.start, mention.end) in cities:
        return True
    if mention.kind == NameKind.FORMER:
        return False
    county = gazetteer.places[mention.place]
    above = gazetteer.places[county.parent]
    if above.level != Level.PREFECTURE or above.name[:2] != county.name[:2]:
        return False
    if mention.end - mention.start >= len(above.name):
        return False  # 阜新县 says more than 阜新
    return above.name.endswith("市") or not county.name.endswith("市")


def weigh(mention: Mention, county: int, above: Above, gazetteer: Gazetteer, *, any_order: bool = False) -> Claim:
    """Weigh one mention as the name of ``county``, given the names of prefectures and provinces in the text."""
    place = gazetteer.places[county]
    middle, top = gazetteer.above_county(county)
    prefecture = province = None
    if middle in above.places or mention.within:
        prefecture = _best(mention, [m for m in above.prefectures if _is_prefecture(m, mention, middle)])
    if top in above.places:
        province = _best(mention, [m for m in above.provinces if m.place == top], besides=prefecture)
    against = [
        level
        for level, own in ((Level.PREFECTURE, middle), (Level.PROVINCE, top))
        if above.contradicts(mention, level, own)
    ]
    if middle < 0 and above.prefectures:
        provinces = {m.place: gazetteer.above_county(m.place)[1] for m in above.prefectures}
        against += [Level.PREFECTURE] if above.from_elsewhere(mention, provinces, top) else []
    gap = 0 if any_order else _gap(mention, prefecture, province, against, above)
    score = _own(mention, place, gap) - min(4.0, DISTANCE * gap)
    score += sum(PARENT_WEIGHT[m.kind] - 3 * m.cost - (m.start > mention.start) for m in (prefecture, province) if m)
    if against:
        weak = mention.cost > 0 or mention.end - mention.start == 2
        score -= CONTRADICTION + (DAMAGED_AND_CONTRADICTED if weak else 0.0)
    if prefecture is None and province is None:
        score -= LOOSE_SHORT if gap > 1 and _is_loose(mention, county, gazetteer) else 0.0
        score -= (UNSUPPORTED_REPAIR if mention.cost else 0.0) + (0.0 if place.code else BEYOND)
    return Claim(mention, county, score, prefecture, province, bool(against), gap)


def _is_loose(mention: Mention, county: int, gazetteer: Gazetteer) -> bool:
    """Whether a short name between other words is hardly a county's: 江山 in 岳区江山帝景.

    Of the region that the gazetteer knows to its villages, where the hub stands, it is one all the same.
    """
    return mention.kind == NameKind.SHORT and county not in gazetteer.well_known_counties()


def _own(mention: Mention, place: Place, gap: int) -> float:
    """Return what the name itself is worth."""
    length = min(mention.end - mention.start, _LENGTH_MOST)
    worth = OWN_WEIGHT[mention.kind] - 3 * mention.cost + length * _LENGTH_WEIGHT
    worth -= ZONE if place.source and place.code else 0.0
    if mention.kind == NameKind.SHORT:
        apart = CITY_AND_MORE if gap and place.name.startswith("市") else 0.0
        return worth - apart - (DISTRICT_SHORT if place.name.endswith("区") else 0.0)
    generic = mention.kind == NameKind.FORMER and mention.end - mention.start == 2
    return worth - (LOOSE_PAIR if (gap and mention.end - mention.start == 2) or generic else 0.0)


def _is_prefecture(candidate: Mention, county: Mention, parent: int) -> bool:
    """Whether a mention names the county's prefecture, today's or the one it had under its former name."""
    return candidate.level == Level.PREFECTURE and (
        candidate.place == parent or (bool(county.within) and candidate.within == county.within)
    )


def _best(anchor: Mention, found: list[Mention], besides: Mention | None = None) -> Mention | None:
    free = [m for m in found if not m.overlaps(anchor) and not (besides and m.overlaps(besides))]
    return max(free, key=lambda m: (PARENT_WEIGHT[m.kind] - m.cost, m.start < anchor.start, -m.start), default=None)


def _gap(
    mention: Mention, prefecture: Mention | None, province: Mention | None, against: list[Level], above: Above
) -> int:
    """Return the characters between the mention and the names above it that stand before it, right or wrong."""
    ends = [m.end for m in (prefecture, province) if m and m.end <= mention.start]
    ends += [m.end for level in against for m in above.of(level) if m.end <= mention.start]
    return mention.start - max(ends, default=0)
