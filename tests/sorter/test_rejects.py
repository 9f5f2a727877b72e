"""Bad bytes are told in full at first, then counted."""

from karez.sorter.plc.rejects import FULL_PER_MINUTE, Rejects


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_twenty_a_minute_are_told_in_full_and_the_rest_as_a_count() -> None:
    clock = Clock()
    rejects = Rejects(clock)
    told = [each for n in range(50) for each in rejects.add("plc", "no telegram", bytes([n]) * 1000)]
    assert len(told) == FULL_PER_MINUTE
    assert all(len(each.head_hex) == 512 and len(each.sha256) == 64 for each in told)
    clock.now = 59.0
    assert rejects.due() == []
    clock.now = 60.0
    (count,) = rejects.due()
    assert (count.count, count.head_hex) == (30, "")
    assert len(rejects.add("plc", "no telegram", b"x")) == 1


def test_every_bad_line_is_told_or_counted_and_peers_have_their_own_count() -> None:
    rejects = Rejects(Clock())
    told = [each for n in range(100) for each in rejects.add(f"host-{n % 3}", "no telegram", b"x")]
    told += rejects.due(all_now=True)
    assert sum(each.count for each in told) == 100
    assert {each.peer for each in told} == {"host-0", "host-1", "host-2"}


def test_many_hosts_cost_no_more_than_a_bound() -> None:
    rejects = Rejects(Clock())
    told = [each for n in range(2000) for each in rejects.add(f"host-{n}", "no telegram", b"x")]
    assert len(told) <= 257 * FULL_PER_MINUTE
    assert sum(each.count for each in [*told, *rejects.due(all_now=True)]) == 2000


def test_a_peer_that_hangs_up_and_calls_again_gets_no_new_twenty_and_one_count_a_minute() -> None:
    clock = Clock()
    rejects = Rejects(clock)
    told = []
    for _ in range(100):
        told += [each for _ in range(5) for each in rejects.add("plc", "no telegram", b"x")]
        told += rejects.due(all_now=True)
    assert sum(bool(each.head_hex) for each in told) == FULL_PER_MINUTE
    assert len(told) == FULL_PER_MINUTE + 1
    clock.now = 60.0
    told += rejects.due()
    assert sum(each.count for each in told) == 500
    assert len(told) == FULL_PER_MINUTE + 2


def test_what_is_hidden_when_the_driver_stops_is_told() -> None:
    rejects = Rejects(Clock())
    for _ in range(25):
        rejects.add("plc", "no telegram", b"x")
        rejects.due(all_now=True)
    (rest,) = rejects.rest()
    assert rest.count == 4 and rejects.rest() == []
