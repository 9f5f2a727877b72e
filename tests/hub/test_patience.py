"""What needs the store while it is away waits in its order, and is done once."""

from collections.abc import Callable
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from karez.domain.clock import Timer
from karez.domain.errors import StoreAway
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
