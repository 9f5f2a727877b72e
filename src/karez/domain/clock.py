"""Time as an argument: the running hub hands in its event loop's clock, a simulation its own."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol


class Timer(Protocol):
    """Something that will be done later."""

    def cancel(self) -> None:
        """Leave it undone; nothing happens where it is done already."""
        ...


class Clock(Protocol):
    """What tells the time, and calls back when it has come.

    Everything it calls runs in one thread, that of the control loop, one after the other.
    """

    def monotonic_s(self) -> float:
        """Seconds since some moment; never goes back, whatever the wall clock does."""
        ...

    def now(self) -> datetime:
        """The wall clock, aware UTC."""
        ...

    def call_later(self, delay_s: float, action: Callable[..., object], *args: object) -> Timer:
        """Do something after a while."""
        ...

    def call_soon(self, action: Callable[..., object], *args: object) -> None:
        """Do something as soon as may be, in the order of the calls. May be called from any thread."""
        ...
