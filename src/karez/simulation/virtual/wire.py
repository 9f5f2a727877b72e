"""What lies between hub and PLC: packets take a little time, and some are lost, doubled, overtaken or held up."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from karez.simulation.virtual.clock import VirtualClock
from karez.simulation.virtual.session import Packet


@dataclass(frozen=True, slots=True)
class WireHabits:
    """How the link behaves.

    Attributes
    ----------
    latency_ms
        From one end to the other.
    lost, duplicated, reordered, delayed
        Shares of the packets (telegrams, acknowledgements and requests to repeat alike).
    overtaken_ms
        A packet that is reordered comes so much later than its turn at most, and a duplicate behind its first.
    held_ms
        A packet that is delayed, and all that follow it, come so much later at most.
    """

    latency_ms: float = 1.0
    lost: float = 0.0
    duplicated: float = 0.0
    reordered: float = 0.0
    delayed: float = 0.0
    overtaken_ms: float = 50.0
    held_ms: float = 1_500.0


STILL = WireHabits(latency_ms=0.0)
"""Nothing goes wrong, and nothing takes time."""


class Direction:
    """One way over the wire.

    Parameters
    ----------
    deliver
        Called with each packet when it comes out.
    happened
        Counts what went wrong, by name.
    """

    def __init__(
        self,
        clock: VirtualClock,
        rng: Random,
        habits: WireHabits,
        deliver: Callable[[Packet], None],
        happened: Counter[str],
    ) -> None:
        self._clock, self._rng, self._habits, self._deliver = clock, rng, habits, deliver
        self._happened = happened
        self._last_ms = 0.0
        self._connection = 0
        it = habits
        self._steps = tuple(it.lost + part for part in (0, it.duplicated, it.duplicated + it.reordered))
        self._troubled = it.lost + it.duplicated + it.reordered + it.delayed

    def cut(self) -> None:
        """What is under way is gone."""
        self._connection += 1
        self._last_ms = 0.0

    def carry(self, packet: Packet) -> None:
        """Take a packet at one end."""
        roll = self._rng.random() if self._troubled else 1.0
        at_ms = max(self._clock.now_ms + self._habits.latency_ms, self._last_ms)
        if roll >= self._troubled:
            self._last_ms = at_ms
            self._arrives(at_ms, packet)
        else:
            self._trouble(roll, at_ms, packet)

    def _trouble(self, roll: float, at_ms: float, packet: Packet) -> None:
        lost, duplicated, reordered = self._steps
        if roll < lost:
            self._happened["telegram_lost"] += 1
        elif roll < duplicated:
            self._happened["telegram_duplicated"] += 1
            self._last_ms = at_ms
            self._arrives(at_ms, packet)
            self._arrives(at_ms + self._rng.uniform(0, self._habits.overtaken_ms), packet)
        elif roll < reordered:
            self._happened["telegram_reordered"] += 1
            self._arrives(at_ms + self._rng.uniform(0, self._habits.overtaken_ms), packet)
        else:
            self._happened["telegram_delayed"] += 1
            held_ms = self._rng.uniform(0, self._habits.held_ms)
            self._last_ms = max(at_ms, self._clock.now_ms + held_ms)  # several hold-ups do not add up
            self._arrives(self._last_ms, packet)

    def _arrives(self, at_ms: float, packet: Packet) -> None:
        self._clock.at(at_ms, self._out, packet, self._connection)

    def _out(self, packet: Packet, connection: int) -> None:
        if connection == self._connection:
            self._deliver(packet)
