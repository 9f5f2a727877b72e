"""The planning model beside a virtual day: what its policies do with the same parcels on the same loop."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from karez.address.by_area import destination_in
from karez.domain.destination import Destination, DestinationReason, Unresolved
from karez.domain.ids import AreaId, ChuteId
from karez.domain.sorting import AssignmentReason, Consignment, HallState, Size
from karez.hub.assignment import House
from karez.hub.coding import CODED_CONFIDENCE
from karez.hub.plan_desk import PlanDesk
from karez.simulation.day_run import hall_parcel
from karez.simulation.loop import Loop
from karez.simulation.planned import PlannedParcel
from karez.simulation.planning.instance import NEVER, LoopInstance
from karez.simulation.planning.of_hall import Known, instance_of
from karez.simulation.planning.policy import POLICIES
from karez.simulation.planning.run import run
from karez.simulation.virtual.coders import can_tell
from karez.simulation.virtual.day import DayHabits, advice_of
from karez.simulation.virtual.readers import Truth
from karez.sortplan.rules import assign


@dataclass(frozen=True, slots=True)
class BesideResult:
    """What a policy of the planning model did with a day's parcels."""

    policy: str
    occupied_ms: int
    recirculating_ms: int
    exception: int


def run_beside(instance: LoopInstance, policies: Sequence[str]) -> list[BesideResult]:
    """Run policies, by their names, on an instance."""
    found = []
    for name in policies:
        result = run(instance, POLICIES[name])
        unsorted = int((result.chute == instance.exception).sum())
        found.append(BesideResult(name, result.occupied_ms, result.circling_ms, unsorted))
    return found


def instance_of_day(loop: Loop, plans: PlanDesk, truth: Truth, seed: int, habits: DayHabits) -> LoopInstance:
    """Describe a day without faults to the planning model; how long a person looks is drawn anew."""
    house, parcels = plans.house(HallState({})), [hall_parcel(each) for each in truth.planned]
    known = [_known(each, house, truth, seed, habits) for each in truth.planned]
    return instance_of(
        f"day {seed}",
        loop,
        habits.chutes,
        parcels,
        known.__getitem__,
        house.plan.exception_chute,
        coders=habits.coders,
        coding_expected_ms=round(1000 * habits.coding.mean_s),
    )


def _known(parcel: PlannedParcel, house: House, truth: Truth, seed: int, habits: DayHabits) -> Known:
    """Tell what can be known of one parcel: by its size, by a picture of the first or a later lap, by a person."""
    takes_ms = round(1000 * habits.coding.takes_s(Random(f"coding {seed} {parcel.index}")))
    if (by_size := _chutes(parcel, None, False, house)) is not None:
        return Known(by_size)
    read_on_lap = next((lap for lap in (1, 2) if not truth.no_read(parcel.index, lap)), NEVER)
    where = _read(parcel, truth, house) if read_on_lap else None
    chutes = None if where is None else _chutes(parcel, where, parcel.advised, house)
    if chutes is not None:
        return Known(chutes, read_on_lap, takes_ms, can_tell(seed, parcel.index, habits.coding))
    coded = _chutes(parcel, _coded(parcel, house), parcel.advised, house)
    codable = coded is not None and can_tell(seed, parcel.index, habits.coding)
    return Known(coded or (house.plan.exception_chute,), NEVER, takes_ms, codable)


def _chutes(parcel: PlannedParcel, where: Destination | None, advised: bool, house: House) -> Sequence[ChuteId] | None:
    """Give the plan's chutes by what is known; ``None`` where that is too little."""
    known = where is not None
    wanted = Consignment(
        waybill=parcel.waybill if known else None,
        destination=where,
        company=parcel.company if known else None,
        service=parcel.service if advised and known else None,
        mass_g=parcel.mass_g,
        size=Size(parcel.length_mm, parcel.width_mm, parcel.height_mm),
    )
    found = assign(wanted, house.plan, house.hall)
    if found.chute is None or found.reason is AssignmentReason.NOT_RESOLVED:
        return None
    return (found.chute, *found.alternatives)


def _read(parcel: PlannedParcel, truth: Truth, house: House) -> Destination | None:
    """Tell where a picture that can be read leads, where that is sure enough."""
    where = house.resolver.resolve(truth.label(parcel), advice_of(parcel) if parcel.advised else None)
    sure = not isinstance(where, Unresolved) and where.confidence >= house.min_confidence
    return where if sure and not isinstance(where, Unresolved) else None


def _coded(parcel: PlannedParcel, house: House) -> Destination | None:
    """Tell where a person leads it, who keys its number and chooses its area: pre-advice of the number wins."""
    resolver = house.resolver
    advised = resolver.from_advice(advice_of(parcel)) if parcel.advised else None
    reason, why = DestinationReason.CODED, "A coding operator chose the area."
    chosen = destination_in(AreaId(parcel.area), resolver.areas, resolver.gazetteer, reason, why, CODED_CONFIDENCE)
    return advised or chosen
