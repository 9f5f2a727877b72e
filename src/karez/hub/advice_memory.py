"""Pre-advice at hand: what was asked a moment ago is not asked of the database again, in the middle of a decision."""

from collections.abc import Callable, Iterable

from karez.domain.advice import PreAdvice

_MOST = 20_000
"""Far more numbers than are on any loop at one time, with those that its labels mention beside their own."""


class AdviceMemory:
    """The last numbers that were asked for, those without pre-advice too.

    One parcel's number is asked for half a dozen times: by the rules for numbers, by the reading and by the decision.

    Parameters
    ----------
    look_up
        Asks the store.
    """

    def __init__(self, look_up: Callable[[str], PreAdvice | None]) -> None:
        self._look_up = look_up
        self._known: dict[str, PreAdvice | None] = {}

    def of(self, waybill: str) -> PreAdvice | None:
        """Pre-advice of a waybill number."""
        try:
            return self._known[waybill]
        except KeyError:
            found = self._known[waybill] = self._look_up(waybill)
            if len(self._known) > _MOST:
                del self._known[next(iter(self._known))]
            return found

    def forget(self, waybills: Iterable[str]) -> None:
        """Ask anew for these: something else is stored about them now."""
        for waybill in waybills:
            self._known.pop(waybill, None)

    def clear(self) -> None:
        """Forget all of it: personal data were erased."""
        self._known.clear()
