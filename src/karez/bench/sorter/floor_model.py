"""The sorter as the bench simulates it: which telegram is due when, and what becomes of each parcel; no clock, no I/O.

Not a hall with carriers and a belt (that is `karez.simulation`): it makes the traffic of many loops at once, at a
rate that does not depend on the answers.
"""

import heapq
import itertools
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

from karez.bench.sorter.parcels import BenchParcel, Parcels
from karez.bench.sorter.tally import Tally
from karez.bench.sorter.timetable import Timetable
from karez.domain.ids import ChuteId, OrderId, ParcelId
from karez.domain.sorting import ChuteState
from karez.domain.telegrams import Dest, Divert, DivertOutcome, Induct, Scan, State, Subject
from karez.sorter.plc.protocol import PlcTelegram

APPROACH_S = 2.0
"""From induction to scan point: the camera stands at the induction, and its picture is read on the way."""

FIRST_CHUTE_S, LAST_CHUTE_S, LAP_S = 2.0, 18.0, 20.0
"""Behind the scan point; about 2 s to the first chute is what scan tunnels give (docs/explanation/sorter-bench.md)."""

SWITCH_S = 0.1
"""An order must be there so long before its chute: the last-chance point."""

FILL_EVERY_S, FULL_FOR_S = 5.0, 4.0
"""One chute after another is full for a while."""

CARRIERS, INDUCTIONS = 9_999, 8  # numbers that every protocol can carry: OSIP has four digits for one


@dataclass(slots=True)
class Riding:
    """A parcel on the sorter; times of its last question, in seconds from the start."""

    id: ParcelId
    seen: BenchParcel
    carrier: int
    lap: int = 0
    due_s: float = 0.0
    sent_s: float = 0.0
    order: OrderId | None = None


Act = Callable[[float], Iterator[PlcTelegram]]


class FloorModel:
    """Telegrams by their due time; told the answers, it goes on from them.

    Parameters
    ----------
    chutes, exception
        Of the hub's plan, in the order in which they are passed.
    first
        How many parcels are inducted before the first is scanned.
    pictures
        So many a second of the parcels that are inducted have a picture.
    travel_share
        1 for the true way to the chutes; less where the run is flat out and its parcels must leave as fast.
    """

    def __init__(
        self,
        parcels: Parcels,
        chutes: Sequence[ChuteId],
        exception: ChuteId,
        timetable: Timetable,
        seed: int,
        first: int,
        pictures: float = 0.0,
        travel_share: float = 1.0,
    ) -> None:
        self._timetable, self._exception, self._chutes = timetable, exception, list(chutes)
        self._rng = Random(f"floor {seed}")
        span_s = (LAST_CHUTE_S - FIRST_CHUTE_S) / max(1, len(chutes) - 1)
        self._reach_s = {chute: (FIRST_CHUTE_S + at * span_s) * travel_share for at, chute in enumerate(chutes)}
        self._lap_s = LAP_S * travel_share
        self._pictures, self._name = pictures, f"b{seed % 10_000}"
        self._plain, self._pictured = iter(parcels.plain), itertools.cycle(enumerate(parcels.pictured))
        self._carriers = deque(range(1, CARRIERS + 1))
        self._approaching: deque[Riding] = deque()
        self._around: deque[Riding] = deque()
        self._open: dict[ParcelId, Riding] = {}
        self._open_prompt = 0
        self._ordered: dict[ParcelId, Riding] = {}
        self._full: set[ChuteId] = set()
        self._agenda: list[tuple[float, int, Act]] = []
        self._number = itertools.count()
        self.photographs: deque[tuple[ParcelId, int]] = deque()
        self.tally = Tally()
        self._exhausted = False
        self._pictured_so_far = 0
        for number in range(first):
            at_s = number * APPROACH_S / first
            self._put(at_s, partial(self._induct, at_s))
        self._put(APPROACH_S + FILL_EVERY_S, self._fills)

    @property
    def open_questions(self) -> int:
        """Questions without an answer."""
        return len(self._open)

    @property
    def settled(self) -> bool:
        """Whether every question is answered, and every order carried out."""
        return not self._open and not self._ordered

    def over(self, now_s: float) -> bool:
        """Whether no further question comes."""
        return self._exhausted or self._timetable.over(self.tally.asked, now_s)

    # ---- what is due ------------------------------------------------------------------------------------------------

    def next_due_s(self, now_s: float) -> float | None:
        """When something is due next; ``None`` while that depends on an answer."""
        times = [self._agenda[0][0]] if self._agenda else []
        if not self.over(now_s):
            due_s = self._timetable.due_s(self.tally.asked, self._open_prompt, now_s)
            times += [] if due_s is None else [due_s]
        return min(times, default=None)

    def take(self, now_s: float) -> Iterator[PlcTelegram]:
        """Give all that is due by now; to be sent as it comes."""
        while self._agenda and self._agenda[0][0] <= now_s:
            yield from heapq.heappop(self._agenda)[2](now_s)
        while not self.over(now_s):
            due_s = self._timetable.due_s(self.tally.asked, self._open_prompt, now_s)
            if due_s is None or due_s > now_s:
                return
            yield from self._ask(due_s, now_s)

    def _ask(self, due_s: float, now_s: float) -> Iterator[PlcTelegram]:
        around = bool(self._around) and self._around[0].due_s <= due_s
        if not around and not self._approaching:
            self._exhausted = True
            return
        riding = self._around.popleft() if around else self._approaching.popleft()
        riding.lap, riding.due_s, riding.sent_s, riding.order = riding.lap + 1, due_s, now_s, None
        self._open[riding.id] = riding
        self._open_prompt += riding.seen.known
        self.tally.asked += 1
        self.tally.sent_late.add(now_s - due_s)
        yield _scan(riding, now_s)
        if not around:
            yield from self._induct(due_s, now_s)

    def _induct(self, due_s: float, now_s: float) -> Iterator[PlcTelegram]:
        seen, picture = self._next_parcel(due_s)
        if seen is None or not self._carriers:
            return
        self.tally.inducted += 1
        riding = Riding(ParcelId(f"{self._name}-{self.tally.inducted}"), seen, self._carriers.popleft())
        self._approaching.append(riding)
        yield Induct(riding.id, riding.carrier, f"I{1 + riding.carrier % INDUCTIONS}", _ms(now_s))
        if picture is not None:
            self.photographs.append((riding.id, picture))

    def _next_parcel(self, due_s: float) -> tuple[BenchParcel | None, int | None]:
        """Parcel that comes next, and the number of its picture."""
        if due_s * self._pictures >= self._pictured_so_far + 1:
            picture, seen = next(self._pictured, (None, None))
            if seen is not None:
                self._pictured_so_far += 1
                return seen, picture
        return next(self._plain, None), None

    # ---- answers ----------------------------------------------------------------------------------------------------

    def answered(self, order: Dest, now_s: float) -> None:
        """Take in an order: the first to a question is its answer, a later one changes where the parcel goes."""
        riding = self._open.pop(order.parcel, None)
        if riding is None:
            self._overwritten(order, now_s)
            return
        self._open_prompt -= riding.seen.known
        late = now_s > riding.due_s + self._way_s(order) - SWITCH_S
        self.tally.answer(riding.due_s, riding.sent_s, now_s, prompt=riding.seen.known, late=late)
        self._plan_end(riding, order, DivertOutcome.LATE if late else _outcome(order), now_s)

    def _overwritten(self, order: Dest, now_s: float) -> None:
        riding = self._ordered.get(order.parcel)
        if riding is not None and now_s <= riding.due_s + self._way_s(order) - SWITCH_S:
            self._plan_end(riding, order, _outcome(order), now_s)

    def _way_s(self, order: Dest) -> float:
        """From the scan point to where this order is carried out."""
        return self._lap_s if order.chute is None else self._reach_s.get(order.chute, self._lap_s)

    def _plan_end(self, riding: Riding, order: Dest, outcome: DivertOutcome, now_s: float) -> None:
        at_s = riding.due_s + (self._lap_s if outcome is DivertOutcome.LATE else self._way_s(order))
        riding.order = order.order
        self._ordered[riding.id] = riding
        self._put(max(at_s, now_s), partial(self._confirmed, riding, order, outcome))

    def _confirmed(self, riding: Riding, order: Dest, outcome: DivertOutcome, now_s: float) -> Iterator[PlcTelegram]:
        if riding.order != order.order or riding.id not in self._ordered:
            return  # a later order took its place
        del self._ordered[riding.id]
        if outcome is DivertOutcome.OK and order.chute in self._full:
            outcome = DivertOutcome.FULL
        self.tally.end(outcome, into_exception=order.chute == self._exception)
        if outcome is DivertOutcome.OK:
            self._carriers.append(riding.carrier)
        else:
            riding.due_s = max(now_s, riding.due_s + self._lap_s)
            self._around.append(riding)
        yield Divert(riding.id, riding.carrier, outcome, _ms(now_s), order.chute, order.order)

    # ---- chutes -----------------------------------------------------------------------------------------------------

    def _fills(self, now_s: float) -> Iterator[PlcTelegram]:
        if self.over(now_s):
            return
        chute = self._rng.choice([chute for chute in self._chutes if chute != self._exception])
        self._full.add(chute)
        self._put(now_s + FULL_FOR_S, partial(self._emptied, chute))
        self._put(now_s + FILL_EVERY_S, self._fills)
        yield State(Subject.CHUTE, chute, ChuteState.FULL, _ms(now_s), 100)

    def _emptied(self, chute: ChuteId, now_s: float) -> Iterator[PlcTelegram]:
        self._full.discard(chute)
        yield State(Subject.CHUTE, chute, ChuteState.OPEN, _ms(now_s), 0)

    def _put(self, at_s: float, act: Act) -> None:
        heapq.heappush(self._agenda, (at_s, next(self._number), act))


def _outcome(order: Dest) -> DivertOutcome:
    return DivertOutcome.RECIRCULATED if order.chute is None else DivertOutcome.OK


def _scan(riding: Riding, now_s: float) -> Scan:
    seen = riding.seen
    return Scan(
        riding.id,
        riding.carrier,
        riding.lap,
        _ms(now_s),
        seen.codes,
        seen.mass_g,
        seen.length_mm,
        seen.width_mm,
        seen.height_mm,
    )


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
