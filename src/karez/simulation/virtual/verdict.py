"""Judges one day: the hall's truth, the truth of each parcel, and what the hub has stored, held against one another."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from karez.domain import events as ev
from karez.domain.ids import ChuteId, ParcelId
from karez.domain.telegrams import Divert, DivertOutcome
from karez.simulation.faults import Stray
from karez.simulation.happenings import HallResult, Outcome
from karez.simulation.planned import PlannedParcel
from karez.simulation.true_plan import TruePlan, read_plan
from karez.simulation.virtual.day import VirtualDay
from karez.simulation.virtual.script import Script

_READ = 20_000  # events at once


@dataclass(slots=True)
class HubRecord:
    """What the hub has stored about one parcel (by the PLC's id).

    Attributes
    ----------
    laps
        On which it was ordered something.
    decided_twice
        It was ordered something anew on one of them, other than by giving an interim order up.
    ordered
        Chutes of the last order.
    """

    ended: list[str] = field(default_factory=list)
    chute: ChuteId | None = None
    read: bool = False
    laps: set[int] = field(default_factory=set)
    decided_twice: bool = False
    ordered: Sequence[ChuteId] = ()


@dataclass(frozen=True, slots=True)
class Offence:
    """One parcel for which an invariant does not hold."""

    what: str
    index: int
    parcels: Sequence[ParcelId]
    explanation: str


@dataclass(slots=True)
class DayVerdict:
    """Counts of one day; `karez.simulation.virtual.report` adds days up.

    Attributes
    ----------
    counts
        By field of the report.
    lap_sum
        Of all parcels that left into a chute.
    offences
        Parcels for which an invariant does not hold.
    """

    counts: Counter[str]
    lap_sum: int
    offences: list[Offence]


def hub_records(day: VirtualDay) -> dict[ParcelId, HubRecord]:
    """Go through all that the hub has stored."""
    records: dict[ParcelId, HubRecord] = {}
    for recorded in _all_events(day):
        event = recorded.event
        if isinstance(event, ev.DivertOrdered):
            records[event.parcel].ordered = (event.chute, *event.alternatives) if event.chute else ()
        match event:
            case ev.ParcelInducted(parcel=parcel):
                records[parcel] = HubRecord()
            case ev.ParcelRead(parcel=parcel):
                records[parcel].read = True
            case ev.DivertOrdered(parcel=parcel, lap=lap, supersedes=None):
                records[parcel].decided_twice |= lap in records[parcel].laps
                records[parcel].laps.add(lap)
            case ev.ParcelDiverted(parcel=parcel, chute=chute):
                records[parcel].ended.append("diverted")
                records[parcel].chute = chute
            case ev.ParcelExcepted(parcel=parcel, chute=chute):
                records[parcel].ended.append("exception")
                records[parcel].chute = chute
            case ev.ParcelMissorted(parcel=parcel, chute=chute):
                records[parcel].ended.append("missorted")
                records[parcel].chute = chute
            case ev.ParcelRemoved(parcel=parcel):
                records[parcel].ended.append("removed")
            case ev.ParcelTakenOff(parcel=parcel):
                records[parcel].ended.append("taken_off")
            case _:
                pass
    return records


def _all_events(day: VirtualDay) -> Iterable[ev.Recorded]:
    after = 0
    while batch := day.store.read(after, _READ):
        yield from batch
        after = batch[-1].position


class Judge:
    """Judges parcel by parcel.

    Parameters
    ----------
    plan_file
        The plan in force; read by the judge's own code.
    """

    def __init__(self, day: VirtualDay, result: HallResult, script: Script, plan_file: Path) -> None:
        self._day, self._result = day, result
        self._plan: TruePlan = read_plan(plan_file)
        self._strays: Mapping[int, Stray] = {each.index: each for each in script.hall.strays}
        self._records = hub_records(day)
        self._untold = {
            each.parcel
            for each in day.link.lost_at_restart
            if isinstance(each, Divert) and each.outcome is DivertOutcome.OK
        }
        self._misled = day.truth.misread | day.coders.erred
        self.verdict = DayVerdict(Counter(), 0, [])

    def judge(self, planned: Sequence[PlannedParcel]) -> DayVerdict:
        """Judge all parcels of the day, of a day that was stopped those that came."""
        for parcel in planned:
            outcome = self._result.outcomes[parcel.index]
            if outcome.parcel is not None and not (self._day.stopped and self._under_way(parcel.index, outcome)):
                self._one(parcel, outcome)
        stray_names = self._records.keys() - {name for names in self._day.names.values() for name in names}
        for name in sorted(stray_names):  # an id whose parcel never came under a camera that worked
            if not self._records[name].ended and not self._day.stopped:
                self._offend("without_final_state", -1, [name], "the hub knows no end of it")
        return self.verdict

    def _under_way(self, index: int, outcome: Outcome) -> bool:
        """Whether its way had not ended, for the hall or for the hub, when the day was stopped."""
        records = [self._records.get(name) for name in self._names(index, outcome)]
        left = outcome.chute is not None or index in self._result.taken_off
        return not left or any(record is None or not record.ended for record in records)

    def _one(self, parcel: PlannedParcel, outcome: Outcome) -> None:
        counts = self.verdict.counts
        names = self._names(parcel.index, outcome)
        records = [self._records[name] for name in names if name in self._records]
        counts["parcels"] += 1
        counts["read"] += any(record.read for record in records)
        counts["removed_untold_of"] += sum(record.ended == ["removed"] for record in records)
        self._ended(parcel, outcome, names, records)
        self._once_only(parcel, outcome, names, records)
        if outcome.chute is not None:
            self.verdict.lap_sum += outcome.laps
            counts["diverted"] += 1
            self._lies(parcel, outcome, names, records)
            self._agree(parcel, outcome, names)

    def _names(self, index: int, outcome: Outcome) -> list[ParcelId]:
        names = list(self._day.names.get(index, ()))
        if outcome.parcel is not None and outcome.parcel not in names:
            names.append(outcome.parcel)
        return names

    def _ended(self, parcel: PlannedParcel, outcome: Outcome, names: list[ParcelId], records: list[HubRecord]) -> None:
        """Every parcel has one end in the hall, and every id one end in the hub."""
        taken_off = parcel.index in self._result.taken_off
        self.verdict.counts["taken_off"] += taken_off
        if outcome.chute is None and not taken_off:
            self._offend("without_final_state", parcel.index, names, "it is still on the sorter")
        elif any(not record.ended for record in records):
            self._offend("without_final_state", parcel.index, names, "the hub knows no end of it")
        else:
            self.verdict.counts["final"] += 1

    def _once_only(
        self, parcel: PlannedParcel, outcome: Outcome, names: list[ParcelId], records: list[HubRecord]
    ) -> None:
        in_chutes = sum(end in ("diverted", "exception", "missorted") for record in records for end in record.ended)
        if outcome.times_diverted > 1:
            self._offend("double_diverts", parcel.index, names, "it left a carrier twice")
        elif in_chutes > 1 or any(len(record.ended) > 1 for record in records):
            self._offend("double_diverts", parcel.index, names, f"the hub recorded {in_chutes} diverts")
        if any(record.decided_twice for record in records):
            self._offend("decided_twice", parcel.index, names, "the hub decided anew on a lap that it had decided on")

    def _lies(self, parcel: PlannedParcel, outcome: Outcome, names: list[ParcelId], records: list[HubRecord]) -> None:
        """Where it lies, where it should, and what the hub says about it."""
        counts, chute = self.verdict.counts, outcome.chute
        if chute == self._plan.exception_chute:
            counts["exception"] += 1
            return
        right = self._plan.right_chutes(parcel)
        if chute in right:
            counts["sorted"] += 1
            return
        stray = self._strays.get(parcel.index)
        # A stray into a chute that the hub had ordered (and the order was lost underway) can be told by nobody.
        ordered_there = any(chute in record.ordered for record in records)
        if stray is not None and chute == stray.into and not ordered_there:
            self._strayed(parcel, stray, names, records)
        elif parcel.index in self._misled:
            counts["missorted_by_wrong_input"] += 1
        else:
            why = (
                f"it lies in {chute}, belongs in {' or '.join(right) or 'the exception chute'}, and nothing led astray"
            )
            self._offend("missorted_by_software", parcel.index, names, why)

    def _agree(self, parcel: PlannedParcel, outcome: Outcome, names: list[ParcelId]) -> None:
        """The hub says of it what the PLC told: of a silent stray any chute, of what died with the PLC nothing."""
        if outcome.parcel is None or outcome.parcel in self._untold:
            return
        stray = self._strays.get(parcel.index)
        record = self._records.get(outcome.parcel)
        silent = stray is not None and stray.silent
        if record is None or record.chute is None or (record.chute != outcome.chute and not silent):
            said = "nothing" if record is None else f"{', '.join(record.ended) or 'no end'} in {record.chute}"
            self._offend("contradicted", parcel.index, names, f"it lies in {outcome.chute}, the hub says: {said}")

    def _strayed(self, parcel: PlannedParcel, stray: Stray, names: list[ParcelId], records: list[HubRecord]) -> None:
        counts = self.verdict.counts
        detected = any("missorted" in record.ended for record in records)
        if stray.silent:
            counts["missorted_silent"] += 1
            return
        if names[-1] in self._untold and not detected:
            counts["missorted_untold"] += 1  # the PLC was restarted before the hub could hear of it
            return
        counts["missorted_injected"] += 1
        counts["detected"] += detected
        if not detected:
            self._offend("undetected", parcel.index, names, f"the PLC told that it fell into {stray.into}")

    def _offend(self, what: str, index: int, names: Sequence[ParcelId], why: str) -> None:
        self.verdict.counts[what] += 1
        self.verdict.offences.append(Offence(what, index, tuple(names), why))
