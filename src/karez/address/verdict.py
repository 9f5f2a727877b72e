"""Turn a weighed claim into a destination or an unresolved address: confidence, reason, explanation."""

from collections.abc import Iterable
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from karez.address.areas.areas import Areas, Served
from karez.address.chain import Claim
from karez.address.confidence import CONTRADICTED_MOST, evidence
from karez.address.confidence import confidence as confidence_of
from karez.address.detail import Detail
from karez.address.gazetteer import Gazetteer
from karez.address.mentions import Mention
from karez.address.places import Level, NameKind, Place
from karez.domain.destination import Candidate, Destination, DestinationReason, Unresolved, UnresolvedReason

MOST_CANDIDATES = 12

DOUBTFUL_TOWNSHIP = 0.45
"""At most this where a township may be named but cannot be read: its area would be a guess."""

_DOUBT = " A township may be named, but cannot be read."


def destination(
    claim: Claim, detail: Detail, text: str, gazetteer: Gazetteer, areas: Areas | None, *, other_script: bool = False
) -> Destination:
    """Return the destination of the winning claim; ``other_script`` says that the names are Uyghur or Latin."""
    county = gazetteer.places[claim.county]
    former = _former_name(claim, detail, text, gazetteer)
    if detail.township is not None and detail.township.parent != county.id:
        county = gazetteer.places[detail.township.parent]
    reason = _reason(claim, detail, former)
    place = detail.village or detail.township or county
    served = areas.area_for(place, text) if areas else Served(None, None, "")
    if detail.elsewhere:
        claim = replace(claim, contradicted=True)
    known = claim.county in gazetteer.well_known_counties()
    confidence = confidence_of(evidence(claim, detail, other_script=other_script, known=known), detail.cost)
    open_to_doubt = detail.doubtful and not served.is_by_name
    doubtful = open_to_doubt and areas is not None and _is_split(county, areas, gazetteer)
    unread = _DOUBT if doubtful and not served.doubt else ""
    doubt = f" {served.doubt}" if served.doubt else unread
    said = _explain(reason, claim, county, former, detail)
    sure = min(confidence, DOUBTFUL_TOWNSHIP) if doubt else confidence
    return Destination(
        province_name=gazetteer.name_above(county.id, Level.PROVINCE),
        prefecture_name=gazetteer.name_above(county.id, Level.PREFECTURE),
        county=county.code or None,
        county_name=county.name,
        township=detail.township.code if detail.township else None,
        township_name=_name(detail.township),
        area=served.area,
        confidence=sure,
        reason=reason,
        explanation=f"{said} {served.explanation}".rstrip() + doubt,
        former_name=former,
        village=detail.village.code if detail.village else None,
        village_name=_name(detail.village),
        for_the_record=f"{said} {served.in_short}".rstrip() + unread,
        candidates=[*_other_areas(served, place, gazetteer, areas, sure), *_elsewhere(detail, gazetteer, areas, sure)],
    )


def _elsewhere(detail: Detail, gazetteer: Gazetteer, areas: Areas | None, most: float) -> list[Candidate]:
    """Return the townships of other counties that the text names behind this one, none surer than the answer."""
    share = min((1 - CONTRADICTED_MOST) / max(len(detail.elsewhere), 1), most)
    return [candidate(place, gazetteer, areas, share) for place in detail.elsewhere[:MOST_CANDIDATES]]


def _other_areas(
    served: Served, place: Place, gazetteer: Gazetteer, areas: Areas | None, most: float
) -> list[Candidate]:
    """Return the areas that a place may belong to as well; they share what the doubt leaves, none above the answer."""
    others = served.others[:MOST_CANDIDATES]
    share = min((1 - DOUBTFUL_TOWNSHIP) / max(len(others), 1), most)
    return [replace(candidate(place, gazetteer, areas, share), area=each) for each in others]


def _is_split(county: Place, areas: Areas, gazetteer: Gazetteer) -> bool:
    """Whether the hub serves the townships of a county by different areas."""
    whole = areas.area_of(county)
    return any(areas.area_of(gazetteer.places[each]) != whole for each in gazetteer.children(county.id))


def _former_name(claim: Claim, detail: Detail, text: str, gazetteer: Gazetteer) -> str | None:
    """Return what the text called the county, where the gazetteer records that as its predecessor."""
    mention = claim.mention
    if mention.level == Level.COUNTY and mention.kind == NameKind.FORMER:
        name = _recorded(mention, text, gazetteer)
        return name if name != gazetteer.places[claim.county].name else None
    moved = detail.township is not None and detail.township.parent != claim.county
    return gazetteer.places[claim.county].name if moved and mention.level == Level.COUNTY else None


def _recorded(mention: Mention, text: str, gazetteer: Gazetteer) -> str | None:
    """Return the gazetteer's former name that the mention stands for (the text may have an error in it)."""
    words = text[mention.start : mention.end]
    names = [a.name for a in gazetteer.aliases_of[mention.place] if a.kind == NameKind.FORMER]
    return min(names, key=lambda name: Levenshtein.distance(name, words), default=None)


def _reason(claim: Claim, detail: Detail, former: str | None) -> DestinationReason:
    above = (claim.prefecture, claim.province)
    if claim.mention.cost or (claim.mention.level == Level.TOWNSHIP and any(m and m.cost for m in above)):
        return DestinationReason.REPAIRED
    if claim.contradicted:
        return DestinationReason.CITY_CONTRADICTS
    renamed = detail.named is not None and detail.named.until > 0
    if former is not None or claim.mention.kind == NameKind.FORMER or renamed:
        return DestinationReason.FORMER_NAME
    if claim.mention.kind in (NameKind.SHORT, NameKind.ALIAS):
        return DestinationReason.ALIAS
    return DestinationReason.ADDRESS if claim.supported else DestinationReason.UNIQUE_NAME


def _explain(reason: DestinationReason, claim: Claim, county: Place, former: str | None, detail: Detail) -> str:
    """Say which rule led there; only names of the gazetteer, never words of the address."""
    by = "its township" if claim.mention.level == Level.TOWNSHIP else "its name"
    sentence = {
        DestinationReason.ADDRESS: f"{county.name} is named, and a place above it agrees.",
        DestinationReason.FORMER_NAME: f"{former or 'A township name'} is of the past; it is {county.name} today.",
        DestinationReason.ALIAS: f"A short or other name means {county.name}.",
        DestinationReason.UNIQUE_NAME: f"Nothing above is named, but {by} points to {county.name} alone.",
        DestinationReason.CITY_CONTRADICTS: f"{county.name} is named, but the city or province before it is another's.",
        DestinationReason.REPAIRED: f"{county.name}, after mending one character.",
    }[reason]
    if detail.elsewhere:
        there = ", ".join(f"{place.name} in another county" for place in detail.elsewhere[:1])
        sentence += f" It has no township of the name that follows: {there}."
    if detail.township is not None and claim.mention.level != Level.TOWNSHIP:
        sentence += f" Township {detail.township.name}{', mended' if detail.mended else ''}."
    return sentence


def unresolved(
    reason: UnresolvedReason, rivals: Iterable[Claim], gazetteer: Gazetteer, areas: Areas | None
) -> Unresolved:
    """Return the address as unresolved, with what it could mean."""
    places = [gazetteer.places[claim.county] for claim in rivals][:MOST_CANDIDATES]
    found = tuple(candidate(place, gazetteer, areas, 1 / len(places)) for place in places)
    if reason == UnresolvedReason.UNKNOWN_PLACE:
        return Unresolved(reason, "No name of the gazetteer stands in the text.")
    names = ", ".join(f"{c.prefecture_name or c.province_name or ''}{c.county_name}" for c in found)
    return Unresolved(reason, f"It can mean {names}.", found)


def too_coarse(mentions: list[Mention], gazetteer: Gazetteer, areas: Areas | None) -> Unresolved | None:
    """Return an unresolved with the deepest province or prefecture that is named, if any is."""
    above = [m for m in mentions if m.level <= Level.PREFECTURE and not m.cost] or [
        m for m in mentions if m.level <= Level.PREFECTURE
    ]
    if not above:
        return None
    best = max(above, key=lambda m: (m.level, -m.start))
    place = gazetteer.places[best.place]
    found = candidate(place, gazetteer, areas, 0.5)
    return Unresolved(UnresolvedReason.TOO_COARSE, f"Only {place.name} is named, no county in it.", (found,))


def candidate(place: Place, gazetteer: Gazetteer, areas: Areas | None, confidence: float) -> Candidate:
    """Return a place as a candidate."""
    county = gazetteer.ancestor(place.id, Level.COUNTY)
    township = gazetteer.ancestor(place.id, Level.TOWNSHIP)
    return Candidate(
        province_name=gazetteer.name_above(place.id, Level.PROVINCE),
        prefecture_name=gazetteer.name_above(place.id, Level.PREFECTURE),
        county=county.code or None if county else None,
        county_name=_name(county),
        township=township.code if township else None,
        township_name=_name(township),
        area=areas.area_of(place) if areas else None,
        confidence=round(confidence, 2),
    )


def _name(place: Place | None) -> str | None:
    return place.name if place else None
