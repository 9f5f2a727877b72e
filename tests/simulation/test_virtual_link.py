"""The virtual link: whatever the wire does, every telegram comes once and in order; a restart loses what it must."""

from collections import Counter
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from karez.domain.ids import ChuteId, OrderId, ParcelId
from karez.domain.telegrams import Dest, Induct, State
from karez.simulation.virtual.clock import Lifetime, VirtualClock
from karez.simulation.virtual.link import VirtualLink, VirtualPlc
from karez.simulation.virtual.wire import STILL, WireHabits
from karez.sorter.plc.protocol import Arrived, Linked, Received, Unlinked

RATES = st.floats(0, 0.15)


class Ends:
    """A link whose hub acknowledges everything a moment later, and remembers what came."""

    def __init__(self, habits: WireHabits, seed: int = 1) -> None:
        self.clock = VirtualClock()
        self.orders: list[Dest | State] = []
        self.received: list[Received] = []
        self.link = VirtualLink(self.clock, Random(seed), habits, self.orders.append, Counter())
        self.runs = 0
        self.resume: tuple[str, int] | None = None
        self.hub_up()
        self.link.plc_up()

    def hub_up(self) -> None:
        self.runs += 1
        self.life = Lifetime(self.clock)
        self.plc = VirtualPlc(self.link, f"hub-{self.runs}", self.resume, self.life)
        self.plc.receive = self._take
        self.link.hub_up(self.plc)

    def kill(self) -> None:
        self.life.end()
        self.link.hub_down()

    def _take(self, received: Received) -> None:
        self.received.append(received)
        if isinstance(received, Arrived):
            self.life.call_later(0.002, self._commit, received)

    def _commit(self, arrived: Arrived) -> None:
        self.resume = (arrived.session, arrived.seq)
        arrived.acknowledge()

    def run(self, for_ms: float) -> None:
        ends_ms = self.clock.now_ms + for_ms
        while (next_ms := self.clock.next_ms) is not None and next_ms <= ends_ms:
            self.clock.step()
        self.clock.pass_time(ends_ms)

    @property
    def carriers(self) -> list[int]:
        return [each.telegram.carrier for each in self.received if isinstance(each, Arrived)]


def induct(number: int) -> Induct:
    return Induct(ParcelId(f"p{number}"), number, "I1", number)


def dest(number: int) -> Dest:
    return Dest(OrderId(f"o{number}"), ParcelId(f"p{number}"), ChuteId("A"), (), "plan")


@settings(max_examples=40, deadline=None)
@given(RATES, RATES, RATES, RATES, st.integers(0, 10_000), st.integers(1, 30))
def test_whatever_the_wire_does_every_telegram_comes_once_and_in_order(
    lost: float, duplicated: float, reordered: float, delayed: float, seed: int, count: int
) -> None:
    ends = Ends(WireHabits(1.0, lost, duplicated, reordered, delayed), seed)
    ends.run(10)
    for number in range(count):
        ends.link.send(induct(number))
        ends.plc.order(dest(number))
        ends.run(20)
    ends.run(120_000)
    assert ends.carriers == list(range(count))
    assert [each.order for each in ends.orders if isinstance(each, Dest)] == [f"o{number}" for number in range(count)]
    assert ends.link.all_acknowledged


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["send", "order", "cut", "mend", "kill", "wait"]), max_size=40), st.integers(0, 99))
def test_cuts_and_kills_of_the_hub_lose_nothing_that_the_plc_said(steps: list[str], seed: int) -> None:
    ends = Ends(WireHabits(lost=0.05, reordered=0.05), seed)
    said = 0
    for step in steps:
        match step:
            case "send":
                ends.link.send(induct(said))
                said += 1
            case "order":
                ends.plc.order(dest(said))
            case "cut":
                ends.link.cut()
            case "mend":
                ends.link.mend()
            case "kill":
                ends.kill()
                ends.run(5)
                ends.hub_up()
        ends.run(1.5)
    ends.link.mend()
    ends.run(120_000)
    assert sorted(set(ends.carriers)) == list(range(said))
    assert ends.link.all_acknowledged


def test_a_plc_that_restarts_loses_what_was_not_acknowledged_and_begins_a_new_session() -> None:
    ends = Ends(WireHabits())
    ends.run(10)
    ends.link.cut()
    ends.link.send(induct(1))
    ends.link.plc_down()
    ends.link.mend()
    ends.link.plc_up()
    ends.run(1_000)
    assert ends.link.lost_at_restart == [induct(1)]
    assert [each.session for each in ends.received if isinstance(each, Linked)] == ["hall-1", "hall-2"]
    assert ends.carriers == []


def test_a_killed_hub_is_told_nothing_more_and_the_next_one_goes_on_behind_what_was_committed() -> None:
    ends = Ends(STILL)
    ends.run(10)
    ends.link.send(induct(1))
    ends.run(10)
    ends.link.send(induct(2))
    ends.run(0)
    ends.kill()  # before its commit
    ends.run(100)
    assert ends.carriers == [1, 2]
    assert not ends.link.all_acknowledged
    ends.hub_up()
    ends.run(100)
    assert ends.carriers == [1, 2, 2]
    assert ends.link.all_acknowledged


def test_a_cut_is_told_to_the_hub_once() -> None:
    ends = Ends(STILL)
    ends.run(10)
    ends.link.cut()
    ends.link.cut()
    assert sum(isinstance(each, Unlinked) for each in ends.received) == 1


def test_the_plcs_clock_may_be_anything() -> None:
    ends = Ends(STILL)
    ends.run(10)
    ends.link.ts_ahead_ms = -50_000
    ends.link.send(induct(1))
    ends.run(10)
    (arrived,) = [each for each in ends.received if isinstance(each, Arrived)]
    assert arrived.telegram.ts_ms == 0
