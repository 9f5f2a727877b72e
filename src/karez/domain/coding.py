"""Video coding: what a person is asked about a parcel that no machine could place, and what becomes of the answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from karez.domain import events as ev
from karez.domain.ids import AreaId, ParcelId, PictureId

_NAME = re.compile(r"\w[\w .·'’-]{0,39}")


def operator_name(given: str) -> str | None:
    """Return an operator's name as it is recorded: letters and figures, at most 40; ``None`` where it is no name."""
    name = " ".join(given.split())
    return name if _NAME.fullmatch(name) else None


@dataclass(frozen=True, slots=True)
class CodingTask:
    """One parcel that waits for a person.

    Attributes
    ----------
    why
        What kept the machine from it: a `NoReadReason` or an `UnresolvedReason`.
    since
        When the hub asked, aware UTC.
    until_lap
        The deadline: on this lap the exception chute takes it.
    lap
        The lap it is on now; 0 before its first scan.
    picture
        What to look at; ``None`` where no picture was kept.
    """

    parcel: ParcelId
    why: str
    since: datetime
    until_lap: int
    lap: int = 0
    picture: PictureId | None = None
    waybill: str | None = None


@dataclass(frozen=True, slots=True)
class CodingAnswer:
    """What a coding operator says about a parcel; all three left out: she cannot tell either.

    Attributes
    ----------
    area
        The delivery area or onward flow, by its id.
    place
        An address or place in words, resolved like a label's.
    waybill
        The number, keyed in.
    at
        When it was given, aware UTC.
    """

    parcel: ParcelId
    operator: str
    at: datetime
    area: AreaId | None = None
    place: str | None = None
    waybill: str | None = None

    @property
    def tells_nothing(self) -> bool:
        """Whether the operator gave up."""
        return not (self.area or self.place or self.waybill)


class CodingOutcome(StrEnum):
    """What became of an answer: the first four end the task, the others change nothing for the parcel."""

    THIS_LAP = "this_lap"  # in time: its chute still lies ahead
    NEXT_LAP = "next_lap"  # its chute was passed by: it counts when the parcel is scanned again
    GIVEN_UP = "given_up"  # nothing was told: the exception chute takes it
    STILL_UNRESOLVED = "still_unresolved"  # a waybill number alone, and no pre-advice for it
    ALREADY_ANSWERED = "already_answered"  # another answer came first
    NOT_ASKED = "not_asked"  # the hub had not asked about it
    KNOWN_BY_NOW = "known_by_now"  # a later picture told
    GONE = "gone"  # it has left the sorter, or was never on it
    UNKNOWN_AREA = "unknown_area"  # no area of this hub
    UNKNOWN_PLACE = "unknown_place"  # the words name no place, or not surely enough
    NO_WAYBILL = "no_waybill"  # no waybill number of a company that this hub serves, nor pre-advised


@dataclass(frozen=True, slots=True)
class CodingReport:
    """What the operator is told; ``learned`` says that the answer will also serve the next parcel of this address."""

    outcome: CodingOutcome
    explanation: str
    learned: bool = False


class CodingQueue:
    """The parcels that wait for a person: a projection of the parcels' events, made by `apply` alone."""

    def __init__(self) -> None:
        self._open: dict[ParcelId, CodingTask] = {}

    def __len__(self) -> int:
        return len(self._open)

    def get(self, parcel: ParcelId) -> CodingTask | None:
        """The open task of a parcel."""
        return self._open.get(parcel)

    @property
    def open(self) -> Sequence[CodingTask]:
        """Open tasks, the most urgent first: fewest laps left, then longest waiting."""
        return sorted(self._open.values(), key=lambda each: (each.until_lap - each.lap, each.since, each.parcel))

    def ahead_of(self, parcel: ParcelId) -> int:
        """How many wait longer than this parcel; all of them where it does not wait."""
        own = self._open.get(parcel)
        if own is None:
            return len(self._open)
        return sum((each.since, each.parcel) < (own.since, own.parcel) for each in self._open.values())

    def apply(self, event: ev.Event, at: datetime) -> None:
        """Take in one event of a parcel; ``at`` is when it was recorded."""
        match event:
            case ev.CodingAsked():
                self._open[event.parcel] = CodingTask(
                    event.parcel, event.why, at, event.until_lap, event.lap, event.picture, event.waybill
                )
            case ev.ParcelScanned(parcel=parcel, lap=lap) if parcel in self._open:
                self._open[parcel] = replace(self._open[parcel], lap=lap)
            case ev.CodingAnswered() | ev.ParcelResolved():
                self._open.pop(event.parcel, None)
            case (
                ev.ParcelDiverted()
                | ev.ParcelExcepted()
                | ev.ParcelMissorted()
                | ev.ParcelRemoved()
                | ev.ParcelTakenOff()
            ):
                self._open.pop(event.parcel, None)
            case _:
                pass
