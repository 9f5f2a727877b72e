"""Where a parcel must leave this hub to, with confidence and reason; or that it is not resolved, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from karez.domain.ids import AreaId


class DestinationReason(StrEnum):
    """Which way led to a destination."""

    PRE_ADVICE = "pre_advice"  # the courier company's order data named it
    SORT_CODE = "sort_code"  # the label's sort code stands in the hub's table
    ADDRESS = "address"  # the address names it, level by level
    FORMER_NAME = "former_name"  # by a name that is no longer in force
    ALIAS = "alias"  # by a short, old or foreign name
    UNIQUE_NAME = "unique_name"  # province and city missing; the name is unique
    CITY_CONTRADICTS = "city_contradicts"  # a county unique in the country, with a city that it does not belong to
    REPAIRED = "repaired"  # after mending look-alike characters against the gazetteer
    AREA_COVERS = "area_covers"  # only a province or prefecture is named, and one area serves all of it
    LEARNED = "learned"  # coding operators sent parcels of this address there before
    CODED = "coded"  # a coding operator looked at the parcel's picture and said so


class UnresolvedReason(StrEnum):
    """Why no destination was given."""

    NO_ADDRESS = "no_address"  # nothing to resolve: no address, no known sort code, no pre-advice
    UNKNOWN_PLACE = "unknown_place"  # no name of the gazetteer in the text
    AMBIGUOUS = "ambiguous"  # two or more candidates remain
    TOO_COARSE = "too_coarse"  # only a province or prefecture is named
    SORT_CODE_UNKNOWN = "sort_code_unknown"  # a sort code that the table lacks, and nothing else
    NOT_AN_ADDRESS = "not_an_address"  # a telephone number, signs, bytes that are no text, a text too long for a label
    UNSURE = "unsure"  # a destination was found, with less confidence than this hub asks for
    DISPUTED = "disputed"  # coding operators gave this address to different areas; the lead has not decided yet


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place that the text could mean.

    Codes are of the gazetteer's vintage and for display only; confidence 0 to 1.
    """

    province_name: str | None
    prefecture_name: str | None
    county: str | None
    county_name: str | None
    township: str | None
    township_name: str | None
    area: AreaId | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Destination:
    """A place in today's map, and the delivery area of this hub that serves it.

    Attributes
    ----------
    county
        Six digits of the gazetteer's vintage; ``township`` nine. Display only: codes are renumbered from year to year.
    prefecture_name
        ``None`` for cities directly under the region (659xxx).
    former_name
        What the text called the county, where the gazetteer records that name as a predecessor of ``county``.
    area
        The hub's delivery area or onward flow, where its areas file names one for the place.
    confidence
        0 to 1.
    for_the_record
        The explanation as an event keeps it, without the names of roads, estates, villages; ``None`` where
        ``explanation`` has none of them.
    """

    province_name: str | None
    prefecture_name: str | None
    county: str | None
    county_name: str | None
    township: str | None
    township_name: str | None
    area: AreaId | None
    confidence: float
    reason: DestinationReason
    explanation: str
    former_name: str | None = None
    village: str | None = None
    village_name: str | None = None
    candidates: Sequence[Candidate] = ()
    for_the_record: str | None = None

    @property
    def kept_explanation(self) -> str:
        """What an event keeps of the explanation: address text is personal data, and events are never erased."""
        return self.explanation if self.for_the_record is None else self.for_the_record


@dataclass(frozen=True, slots=True)
class Unresolved:
    """No destination: normal in the trade, and a value. A person decides, or the exception chute takes it."""

    reason: UnresolvedReason
    explanation: str
    candidates: Sequence[Candidate] = ()
