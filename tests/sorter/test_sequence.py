"""Numbers, acknowledgement and replay, without a socket."""

from hypothesis import given
from hypothesis import strategies as st

from karez.sorter.plc.sequence import Ask, Gap, Inbox, Outbox, Turn


def test_numbers_run_from_one_and_a_repeat_is_told_from_a_gap() -> None:
    inbox = Inbox("plc-1")
    assert [inbox.take(seq) for seq in (1, 2, 2, 4, 3, 4)] == [
        Turn.NEW,
        Turn.NEW,
        Turn.REPEAT,
        Turn.GAP,
        Turn.NEW,
        Turn.NEW,
    ]


def test_the_acknowledgement_stops_before_the_first_number_that_is_not_committed() -> None:
    inbox = Inbox("plc-1")
    for seq in (1, 2, 3):
        inbox.take(seq)
    assert not inbox.acknowledge(3)
    assert not inbox.acknowledge(2)
    assert inbox.acked == 0
    assert inbox.acknowledge(1)
    assert inbox.acked == 3


def test_a_number_that_never_arrived_cannot_be_acknowledged() -> None:
    inbox = Inbox("plc-1")
    assert not inbox.acknowledge(1)
    inbox.take(1)
    assert inbox.acked == 0


def test_a_gap_is_asked_for_now_and_then_and_given_up_after_three_requests() -> None:
    gap = Gap(every_s=1.0)
    asks = [gap.seen(5, now_s) for now_s in (10.0, 10.5, 11.0, 11.2, 12.0, 12.9, 13.0)]
    assert asks == [Ask.NOW, Ask.WAIT, Ask.NOW, Ask.WAIT, Ask.NOW, Ask.WAIT, Ask.GIVE_UP]
    assert gap.seen(9, 13.1) is Ask.NOW


def test_what_was_never_sent_cannot_be_acknowledged_by_the_peer() -> None:
    outbox: Outbox[str] = Outbox()
    outbox.put("a")
    assert not outbox.acknowledged(2)
    assert len(outbox) == 1
    assert outbox.acknowledged(1)
    assert (outbox.first, len(outbox)) == (2, 0)


@given(st.lists(st.sampled_from(["put", "lose", "cut", "commit", "restart"]), max_size=80))
def test_over_any_losses_cuts_and_restarts_all_is_committed_once_and_in_order(happenings: list[str]) -> None:
    """A link that forgets what is under way, and a receiver that is killed and resumes after its last commit."""
    outbox: Outbox[int] = Outbox()
    inbox = Inbox("plc-1")
    committed: list[int] = []
    delivered: list[tuple[int, int]] = []

    def arrive(pairs: list[tuple[int, int]]) -> None:
        for seq, telegram in pairs:
            if inbox.take(seq) is Turn.NEW:
                delivered.append((seq, telegram))

    def commit() -> None:
        if delivered:
            seq, telegram = delivered.pop(0)
            committed.append(telegram)
            inbox.acknowledge(seq)

    for what in happenings:
        if what in ("put", "lose"):
            seq = outbox.put(outbox.last + 1)
            if what == "put":
                arrive([(seq, seq)])
        elif what == "cut":
            outbox.acknowledged(inbox.acked)
            arrive(list(outbox.after(inbox.acked)))
        elif what == "commit":
            commit()
        else:
            delivered.clear()
            inbox = Inbox("plc-1", len(committed))
    outbox.acknowledged(inbox.acked)
    arrive(list(outbox.after(inbox.acked)))
    while delivered:
        commit()
    assert committed == list(range(1, outbox.last + 1))


def test_a_gap_of_billions_of_numbers_is_given_up_at_once_and_still_waits_for_what_came_before() -> None:
    inbox = Inbox("plc-1")
    inbox.take(1)
    assert inbox.skip_to(2**53) == 2**53 - 2
    assert inbox.acked == 0 and inbox.take(2**53) is Turn.NEW
    assert not inbox.acknowledge(2**53)
    assert inbox.acknowledge(1) and inbox.acked == 2**53
