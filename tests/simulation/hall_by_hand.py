"""A hall small enough to follow by hand: one induction, four chutes, a lap of twenty seconds; and who answers it."""

from collections.abc import Callable, Sequence

from karez.domain.ids import ChuteId, OrderId, ParcelId
from karez.domain.telegrams import Dest, Divert, Scan, State
from karez.settings import HallSection
from karez.simulation.chutes import ChuteHabits
from karez.simulation.faults import NO_FAULTS, Faults
from karez.simulation.hall import Hall
from karez.simulation.happenings import Asked, HallParcel, Happening, Said

SECTION = HallSection(carriers=20, pitch_mm=1000, speed_mm_s=1000, inductions=1)
CHUTES = [ChuteId(name) for name in ("A", "B", "C", "X")]


def hall(
    count: int = 1,
    faults: Faults = NO_FAULTS,
    *,
    apart_ms: int = 1000,
    capacity: int = 40,
    emptied_after_ms: int = 30_000,
    max_laps: int = 60,
) -> Hall:
    parcels = [HallParcel(n, n * apart_ms, 0, 500 + n, 300, 200, 100) for n in range(count)]
    habits = ChuteHabits(capacity, emptied_after_ms)
    return Hall(SECTION, CHUTES, parcels, seed=7, faults=faults, habits=habits, max_laps=max_laps)


def order(parcel: ParcelId, chute: str | None, *others: str, valid_for_ms: int | None = None, name: str = "") -> Dest:
    others_ids = tuple(ChuteId(each) for each in others)
    return Dest(
        OrderId(name or f"{parcel}/1"), parcel, ChuteId(chute) if chute else None, others_ids, "plan", valid_for_ms
    )


Answer = Callable[[Scan], Sequence[Dest]]


def play(it: Hall, answer: Answer, until_ms: int = 10_000_000) -> list[tuple[int, Happening]]:
    """Run a hall, answering every SCAN at once; all that happened, with its time."""
    log: list[tuple[int, Happening]] = []
    while not it.finished and it.next_ms is not None and it.next_ms <= until_ms:
        for each in it.step():
            log.append((it.now_ms, each))
            if isinstance(each, Asked):
                for dest in answer(each.telegram):
                    log += [(it.now_ms, said) for said in it.take(dest)]
    return log


def diverts(log: list[tuple[int, Happening]]) -> list[Divert]:
    return [each.telegram for _, each in log if isinstance(each, Said) and isinstance(each.telegram, Divert)]


def states(log: list[tuple[int, Happening]]) -> list[State]:
    return [each.telegram for _, each in log if isinstance(each, Said) and isinstance(each.telegram, State)]
