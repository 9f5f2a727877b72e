"""What the parcels of a day are like, dealt out by exact quotas: script, evidence, company, picture, area, oddity."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from random import Random

from karez.simulation.arrivals import arrival_times
from karez.simulation.companies import COMPANIES
from karez.simulation.places import DeliveryArea
from karez.simulation.quotas import quota

PICTURES = {"typical": 0.96, "hard": 0.03, "unreadable": 0.01}
SCRIPTS = {"zh": 0.80, "zh+ug": 0.08, "ug": 0.07, "en": 0.05}
ODDITIES = {"oversize": 0.01, "overweight": 0.01, "intercept": 0.007, "returned": 0.007}
_ADVISED, _BY_ADDRESS = 0.45, 0.22  # at most half may be advised, at least a fifth must go by address alone
_FLOW = {"townships": 3.3, "counties": 2.0, "prefectures": 1.9, "provinces": 2.0, "rest": 5.0}  # a parcel's odds
_LOCAL_COUNTY_FLOW = 3.0


@dataclass(frozen=True, slots=True)
class Lot:
    """What one parcel is like.

    Attributes
    ----------
    evidence
        What leads to its destination: ``"advised"``, ``"sort_code"`` or ``"address"`` (and then nothing else does).
    oddity
        One of `ODDITIES`, or empty.
    """

    script: str
    evidence: str
    area: DeliveryArea
    company: str
    picture: str
    oddity: str
    arrives_ms: int


def deal(parcels: int, rate_per_h: int, areas: Sequence[DeliveryArea], rng: Random) -> list[Lot]:
    """Deal out the traits of a day's parcels, in order of arrival."""
    evidence = _evidence(parcels, rng)
    scripts = quota(parcels, SCRIPTS, rng)
    destined = _areas(list(zip(scripts, evidence, strict=True)), areas, rng)
    columns = zip(
        evidence,
        destined,
        quota(parcels, {name: company.share for name, company in COMPANIES.items()}, rng),
        quota(parcels, PICTURES, rng),
        quota(parcels, {**ODDITIES, "": 1 - sum(ODDITIES.values())}, rng),
        arrival_times(parcels, rate_per_h, rng),
        strict=True,
    )
    return [
        Lot(script, proof, area, company, picture, oddity, arrives_ms)
        for proof, (script, area), company, picture, oddity, arrives_ms in columns
    ]


def _evidence(parcels: int, rng: Random) -> list[str]:
    """Deal out what leads to the destination; fractions go to the harder side."""
    advised, by_address = int(parcels * _ADVISED), ceil(parcels * _BY_ADDRESS)
    rest = max(parcels - advised - by_address, 0)
    dealt = (["advised"] * advised + ["sort_code"] * rest + ["address"] * by_address)[:parcels]
    rng.shuffle(dealt)
    return dealt


def _areas(
    wants: Sequence[tuple[str, str]], areas: Sequence[DeliveryArea], rng: Random
) -> list[tuple[str, DeliveryArea]]:
    """Give each parcel an area, so that what is printed can be decided; those hardest to place choose first.

    A parcel for whose script no area is left is written in Chinese.
    """
    by_id = {area.area: area for area in areas}
    open_areas = [by_id[name] for name in quota(len(wants), {area.area: _flow(area) for area in areas}, rng)]
    dealt: dict[int, tuple[str, DeliveryArea]] = {}
    for at in sorted(range(len(wants)), key=lambda at: _freedom(*wants[at])):
        script, evidence = wants[at]
        choice = next((area for area in open_areas if _can_name(area, script, evidence)), None)
        script, choice = (script, choice) if choice else ("zh", open_areas[0])
        open_areas.remove(choice)
        dealt[at] = (script, choice)
    return [dealt[at] for at in range(len(wants))]


def _flow(area: DeliveryArea) -> float:
    return _LOCAL_COUNTY_FLOW if (area.kind, area.scope) == ("local", "counties") else _FLOW[area.scope]


def _freedom(script: str, evidence: str) -> int:
    """Order parcels by how few areas they can go to."""
    if script == "zh":
        return 2
    return 0 if script in ("ug", "en") and evidence == "address" else 1


def _can_name(area: DeliveryArea, script: str, evidence: str) -> bool:
    """Tell whether an address in a script leads to an area: by county alone, unless something else decides."""
    if script == "zh":
        return True
    if script in ("ug", "en") and evidence == "address" and not area.whole_counties:
        return False
    return any(_has_name(place.latin if script == "en" else place.uyghur) for place in area.places)


def _has_name(name: str | None) -> bool:
    return name is not None
