"""Orders that wait for a link: of each item and place the latest, and none whose time is over."""

from collections import OrderedDict
from collections.abc import Sequence

from karez.domain.telegrams import Dest, State

MOST = 10_000


class Held:
    """Keeps orders while there is no link; beyond `MOST` the oldest is dropped (its item goes round and asks again)."""

    def __init__(self) -> None:
        self._held: OrderedDict[object, tuple[Dest | State, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._held)

    def keep(self, telegram: Dest | State, now_s: float) -> None:
        """Keep it in place of an earlier one for the same item or place."""
        valid_ms = telegram.valid_for_ms if isinstance(telegram, Dest) else None
        until_s = float("inf") if valid_ms is None else now_s + valid_ms / 1000
        key = telegram.parcel if isinstance(telegram, Dest) else (telegram.subject, telegram.name)
        self._held.pop(key, None)
        self._held[key] = telegram, until_s
        if len(self._held) > MOST:
            self._held.popitem(last=False)

    def release(self, now_s: float) -> Sequence[Dest | State]:
        """Give all that is still valid, in order, and keep nothing."""
        held, self._held = self._held, OrderedDict()
        return [telegram for telegram, until_s in held.values() if now_s < until_s]
