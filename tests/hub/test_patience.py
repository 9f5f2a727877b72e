"""What needs the store while it is away waits in its order, and is done once."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.domain.clock import Timer
from karez.domain.errors import StoreAway
from karez.hub import patience as patience_module
from karez.hub.patience import Patience


class HandClock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.later: list[Callable[[], object]] = []

    def monotonic_s(self) -> float:
        return 0.0

    def now(self) -> datetime:
        return datetime.now(UTC)

    def call_later(self, delay_s: float, action: Callable[..., object], *args: object) -> Timer:
        self.later.append(lambda: action(*args))
        return self

    def cancel(self) -> None:
        """Never asked."""

    def call_soon(self, action: Callable[..., object], *args: object) -> None:
        action(*args)

    def turn(self) -> None:
        due, self.later = self.later, []
        for action in due:
            action()


@given(st.lists(st.booleans(), max_size=60))
def test_everything_is_done_once_and_in_order_however_often_the_store_is_away(away: list[bool]) -> None:
    clock, done = HandClock(), list[int]()
    patience, answers = Patience(clock), iter(away)

    def act(number: int) -> Callable[[], None]:
        def action() -> None:
            if next(answers, False):
                raise StoreAway("no server")
            done.append(number)

        return action

    for number in range(10):
        patience.do(act(number))
    while len(patience):
        assert len(clock.later) == 1, "one timer, however many wait"
        clock.turn()
    assert done == list(range(10)) and clock.later == []


def test_a_long_backlog_is_taken_in_slices_so_that_timers_and_heartbeats_come_between() -> None:
    clock, done, away = HandClock(), list[int](), [True]
    patience = Patience(clock)

    def act(number: int) -> Callable[[], None]:
        def action() -> None:
            if away[0]:
                raise StoreAway("no server")
            done.append(number)

        return action

    for number in range(1_000):
        patience.do(act(number))
    away[0], most = False, 0
    while len(patience):
        before = len(done)
        clock.turn()
        most = max(most, len(done) - before)
    assert done == list(range(1_000)) and most <= 100


async def test_when_too_much_waits_the_sorter_is_held_back_until_it_is_less(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience_module, "_MOST", 3)
    clock, away = HandClock(), [True]
    patience = Patience(clock)

    def action() -> None:
        if away[0]:
            raise StoreAway("no server")

    for _ in range(3):
        await asyncio.wait_for(patience.room(), 1)
        patience.do(action)
    held = asyncio.create_task(patience.room())
    await asyncio.sleep(0)
    clock.turn()
    await asyncio.sleep(0)
    assert not held.done()
    away[0] = False
    clock.turn()
    await asyncio.wait_for(held, 1)
