"""The real hub on the virtual clock: it is killed at any moment, and built again from what its store has kept."""

import itertools
import logging
from collections.abc import Callable, Sequence
from random import Random

from karez import __version__
from karez.domain import events as ev
from karez.domain.coding import CodingTask
from karez.domain.ids import OrderId
from karez.eventstore.append import Append, Entry
from karez.eventstore.memory import MemoryStore
from karez.hub.coding_desk import CodingDesk
from karez.hub.control import Control
from karez.hub.plan_desk import PlanDesk
from karez.hub.recovery import recover
from karez.settings import Settings
from karez.simulation.virtual.clock import Lifetime, VirtualClock
from karez.simulation.virtual.link import VirtualLink, VirtualPlc
from karez.simulation.virtual.readers import Truth, VirtualReaders

log = logging.getLogger("karez.simulation")


class VirtualDisk:
    """How long commits take: a fraction of a millisecond as a rule, seconds while the disk is slow.

    Attributes
    ----------
    slow_ms
        The longest commit while it is slow; 0 while it is not.
    """

    def __init__(self, clock: VirtualClock, rng: Random, commit_ms: float) -> None:
        self._clock, self._rng, self._commit_ms = clock, rng, commit_ms
        self.slow_ms = 0.0
        self._strike: Callable[[], None] | None = None

    def strike(self, action: Callable[[], None]) -> None:
        """Do something in the middle of the next commit."""
        self._strike = action

    def commit(self, finish: Callable[[], None]) -> None:
        """Finish a commit when the disk is done."""
        if not self._commit_ms and not self.slow_ms:
            self._clock.call_soon(finish)
            return
        takes_ms = self._rng.uniform(0, self.slow_ms) if self.slow_ms else self._commit_ms * self._rng.uniform(0.5, 2)
        self._clock.at(self._clock.now_ms + takes_ms, finish)
        if self._strike is not None:
            self._clock.at(self._clock.now_ms + takes_ms * self._rng.random(), self._strike)
            self._strike = None


class VirtualHub:
    """One hub over one store; its runs follow one another.

    Attributes
    ----------
    store
        What all runs share.
    control, desk
        Of the run that is up; ``None`` while it is down.
    runs, commits_lost, taken_over
        Starts, appends that died with a run, live parcels taken over at starts.
    """

    def __init__(
        self,
        settings: Settings,
        clock: VirtualClock,
        store: MemoryStore,
        plans: PlanDesk,
        link: VirtualLink,
        truth: Truth,
        seed: int,
    ) -> None:
        self._settings, self._clock, self._plans = settings, clock, plans
        self._link, self._truth = link, truth
        self._rng = Random(f"readers {seed}")
        self._life: Lifetime | None = None
        self.store = store
        self.control: Control | None = None
        self.desk: CodingDesk | None = None
        self.runs = self.commits_lost = self.taken_over = 0

    def start(self) -> None:
        """Build the control loop anew over the store, as the control process does."""
        self.runs += 1
        run = self.runs
        self._life = life = Lifetime(self._clock)
        plc = VirtualPlc(self._link, f"hub-{run}", self.store.last_inbound(), life)
        readers = VirtualReaders(self._truth, life, self._rng, self._settings.reading.queue)
        orders = itertools.count(1)
        self.control = control = Control(
            self._settings,
            self.store,
            plc,
            readers,
            self._plans.house,
            lambda: OrderId(f"{run}-{next(orders)}"),
            life,
        )
        readers.on_done = control.read_done
        plc.receive = control.receive
        recovered = recover(control, self.store, self._plans.plan, life.monotonic_s())
        self.taken_over += recovered
        self.desk = CodingDesk(
            control, self.store, self._plans.resolver, self._settings.hub.min_confidence, self._clock.now
        )
        started = ev.HubStarted(self._settings.hub.name, __version__, recovered, True)
        control.commits.put(
            Append([Entry(ev.HUB_STREAM, [started, self._plans.activated(), *control.alarms.at_start()])])
        )
        self._link.hub_up(plc)

    def kill(self, reached_disk: float = 0.0) -> None:
        """End it at once; of what waits for its commit a share had reached the disk."""
        if self._life is None or self.control is None:
            return
        self._life.end()
        waiting = len(self.control.commits)
        self.commits_lost += self.store.kill(round(reached_disk * waiting))
        self.control = self.desk = self._life = None
        self._link.hub_down()

    @property
    def asked(self) -> int:
        """How many parcels wait for a coding operator."""
        return len(self.control.tracking.coding) if self.control else 0

    def tasks(self) -> Sequence[CodingTask]:
        """What waits for a coding operator, the most urgent first."""
        return self.control.tracking.coding.open if self.control else ()

    @property
    def live(self) -> int:
        """How many parcels it takes to be on the sorter."""
        return len(self.control.tracking) if self.control else 0

    @property
    def idle(self) -> bool:
        """Whether nothing waits for a commit."""
        return self.control is not None and not len(self.control.commits)
