"""The hub's half of the OPC UA dialogue: whatever order slots come in, telegrams go on in theirs, once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driver_suite import induct, order
from karez.domain.errors import BadTelegram
from karez.sorter.plc.opcua.dialogue import Dialogue, PlcState
from karez.sorter.plc.protocol import Linked, Rejected, Resume
from karez.sorter.plc.sequence import Inbox
from karez.sorter.plc.tcp.wire import Line, Unreadable


class Hub:
    """A dialogue, what it delivered and what it told; its clock stands until it is set."""

    def __init__(self, resume: Resume | None = None) -> None:
        self.now_s = 0.0
        self.delivered: list[int] = []
        self.told: list[object] = []
        self.inboxes: list[Inbox] = []
        self.dialogue = Dialogue("hub-1", resume, 0.1, self._arrived, self.told.append, lambda: self.now_s)

    def _arrived(self, telegram: object, seq: int, inbox: Inbox) -> None:
        self.delivered.append(seq)
        self.inboxes.append(inbox)

    def meet(self, first: int = 1, last: int = 0, *, session: str = "plc-1", taken: int = 0, slots: int = 8) -> None:
        self.dialogue.meet("10.0.8.17:4840", PlcState(session, first, last, "hub-1", taken, slots))

    def slot(self, number: int, session: str = "plc-1", body: object = None) -> None:
        self.dialogue.come(Line(session, 0, number, body or induct(number)), b"")

    def commit(self, number: int) -> None:
        self.dialogue.acknowledge(self.inboxes[-1], number)

    @property
    def reasons(self) -> list[str]:
        return [each.reason for each in self.told if isinstance(each, Rejected)]


@given(st.permutations(range(1, 9)), st.lists(st.integers(1, 8)))
def test_slots_in_any_order_and_twice_are_delivered_once_and_in_order(coming: list[int], again: list[int]) -> None:
    hub = Hub()
    hub.meet()
    for number in [*coming, *again]:
        hub.slot(number)
    assert hub.delivered == list(range(1, 9))


def test_no_more_is_taken_than_the_ring_holds_until_it_is_committed() -> None:
    hub = Hub()
    hub.meet(slots=4)
    for number in range(1, 9):
        hub.slot(number)
    hub.dialogue.offered(8)
    assert hub.delivered == [1, 2, 3, 4] and hub.dialogue.wanted() == []
    hub.commit(1)
    hub.commit(2)
    assert hub.dialogue.wanted() == [5, 6]


def test_a_slot_of_another_session_is_passed_over() -> None:
    hub = Hub()
    hub.meet()
    hub.slot(1, "plc-0")
    assert not hub.delivered and not hub.told[1:]


def test_what_was_committed_before_a_restart_is_not_wanted_again() -> None:
    hub = Hub(("plc-1", 5))
    hub.meet(first=3, last=7)
    assert hub.dialogue.wanted() == [6, 7]


def test_numbers_that_the_plc_no_longer_keeps_are_given_up_and_told() -> None:
    hub = Hub(("plc-1", 5))
    hub.meet(first=9, last=10)
    assert hub.reasons == ["3 telegrams are gone at the PLC"] and hub.dialogue.wanted() == [9, 10]
    hub.dialogue.vain(9, first=10)
    assert hub.reasons[1:] == ["telegrams 9 to 9 are gone at the PLC"] and hub.dialogue.wanted() == [10]


def test_a_number_that_does_not_come_is_asked_for_three_times_and_then_given_up() -> None:
    hub = Hub()
    hub.meet(last=2)
    hub.slot(2)
    for _ in range(3):
        hub.dialogue.vain(1, first=1)
        hub.dialogue.vain(1, first=1)  # a moment later: not counted
        assert hub.dialogue.wanted() == [1] and not hub.delivered
        hub.now_s += 0.2
    hub.dialogue.vain(1, first=1)
    assert hub.reasons == ["telegrams 1 to 1 never came"] and hub.delivered == [2]


def test_a_telegram_that_is_not_the_hubs_spends_its_number() -> None:
    hub = Hub()
    hub.meet()
    hub.slot(1, body=order(1))
    hub.slot(2, body=Unreadable("INDUCT: carrier"))
    hub.slot(3)
    assert hub.delivered == [3] and hub.reasons == ["DEST is not the hub's to take", "INDUCT: carrier"]


def test_a_restarted_plc_is_met_in_its_new_session_or_under_its_old_name() -> None:
    hub = Hub(("plc-1", 5))
    hub.meet(first=1, last=2, session="plc-2")
    assert hub.dialogue.wanted() == [1, 2] and not hub.reasons
    hub = Hub(("plc-1", 5))
    hub.meet(first=1, last=2)
    assert hub.dialogue.wanted() == [1, 2] and hub.reasons == ["session 'plc-1' began anew under its old name"]


def test_what_the_plc_has_taken_is_not_sent_again_and_more_than_was_sent_is_not_believed() -> None:
    hub = Hub()
    for number in (1, 2, 3):
        hub.dialogue.outbox.put(order(number))
        hub.dialogue.outbox.mark_sent(number)
    hub.meet(taken=2)
    assert hub.told == [Linked("10.0.8.17:4840", "plc-1", 1)]
    hub.meet(taken=9)
    assert hub.reasons == ["has taken number 9, but only 3 was sent"] and len(hub.dialogue.outbox) == 1


def test_a_counter_that_falls_is_a_fault() -> None:
    hub = Hub()
    hub.meet(last=5)
    with pytest.raises(BadTelegram, match="fell from 5 to 4"):
        hub.dialogue.offered(4)
