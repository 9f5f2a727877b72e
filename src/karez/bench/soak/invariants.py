"""What must hold at the end of a soak: the hall's truth and the store are held against each other, parcel by parcel."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from karez.domain import events as ev
from karez.domain.events import Recorded
from karez.domain.ids import ChuteId, ParcelId
from karez.eventstore.store import EventStore
from karez.simulation.happenings import HallResult
from karez.simulation.judge import judge
from karez.simulation.planned import PlannedParcel

_A_PAGE = 10_000
_TOLD = 10
_FINAL = (ev.ParcelDiverted, ev.ParcelExcepted, ev.ParcelMissorted, ev.ParcelRemoved, ev.ParcelTakenOff)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that must hold; ``broken`` counts where it does not, ``examples`` names the first."""

    name: str
    broken: int
    examples: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What the store tells: the ends of each parcel's way, and the faults of its own order."""

    ends: Mapping[ParcelId, Sequence[ev.Event]]
    inducted: Counter[ParcelId]
    gaps: Sequence[str]
    orders: Counter[str]
    rejected: int
    events: int


def told_by(store: EventStore) -> Told:
    """Read a whole store."""
    ends: dict[ParcelId, list[ev.Event]] = {}
    inducted, orders = Counter[ParcelId](), Counter[str]()
    gaps: list[str] = []
    versions: dict[str, int] = {}
    rejected = position = 0
    for each in _all(store):
        if each.position != position + 1:
            gaps.append(f"position {each.position} follows {position}")
        if each.version != versions.get(each.stream, 0) + 1:
            gaps.append(f"{each.stream}: version {each.version} follows {versions.get(each.stream, 0)}")
        position, versions[each.stream] = each.position, each.version
        match each.event:
            case ev.ParcelInducted():
                inducted[each.event.parcel] += 1
            case ev.DivertOrdered():
                orders[each.event.order] += 1
            case ev.TelegramRejected():
                rejected += each.event.count
            case _ if isinstance(each.event, _FINAL):
                ends.setdefault(each.event.parcel, []).append(each.event)
    return Told(ends, inducted, gaps, orders, rejected, position)


def _all(store: EventStore) -> Iterator[Recorded]:
    after = 0
    while page := store.read(after, _A_PAGE):
        yield from page
        after = page[-1].position


def findings(
    planned: Sequence[PlannedParcel], result: HallResult, told: Told, plan_file: Path, areas_file: Path
) -> list[Finding]:
    """Hold the truth against what the hub said, and against the plan."""
    verdict = judge(planned, result.outcomes, plan_file, areas_file)
    lying = {each.parcel: each.chute for each in result.outcomes.values() if each.parcel is not None}
    return [
        _finding("parcel without a final state in the hall", [str(each) for each in result.without_final_state]),
        _finding("parcel diverted twice", [str(index) for index in verdict.diverted_twice]),
        Finding("order with a new name for a parcel that had left", result.orders_after_leaving),
        _finding("parcel in a wrong chute", [f"{i}: {verdict.explanations[i]}" for i in _missorted(verdict.states)]),
        _finding("parcel that the store does not know", [p for p in lying if not told.inducted[p]]),
        _finding("parcel inducted twice in the store", [p for p, count in told.inducted.items() if count > 1]),
        _finding("parcel with none or several ends in the store", [p for p in lying if len(told.ends.get(p, ())) != 1]),
        _finding("parcel that lies elsewhere than the store says", list(_elsewhere(lying, told))),
        _finding("order decided twice under one name", [name for name, count in told.orders.items() if count > 1]),
        _finding("gap in the store", told.gaps),
    ]


def _missorted(states: Mapping[int, str]) -> list[int]:
    return [index for index, state in states.items() if state == "missorted"]


def _elsewhere(lying: Mapping[ParcelId, ChuteId | None], told: Told) -> Iterator[str]:
    for parcel, chute in lying.items():
        ends = told.ends.get(parcel, ())
        said = getattr(ends[0], "chute", None) if ends else None
        if ends and said != chute:
            yield f"{parcel}: lies in {chute}, the store says {said}"


def _finding(name: str, broken: Sequence[str]) -> Finding:
    return Finding(name, len(broken), tuple(broken[:_TOLD]))
