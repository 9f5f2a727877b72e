"""The ledger: turns what an input gave into one transaction, and lets it act only after the commit."""

from collections.abc import Sequence
from typing import Protocol

from karez.domain import events as ev
from karez.domain.clock import Clock
from karez.domain.ids import OrderId, ParcelId
from karez.domain.learned import LearnedAnswer
from karez.domain.personal import PersonalText
from karez.domain.telegrams import Dest, Divert, Scan
from karez.eventstore.append import Append, Entry, Journalled
from karez.hub import learning
from karez.hub.commits import Act, Commits
from karez.hub.journal import inbound, outbound
from karez.hub.parcel import LiveParcel
from karez.hub.tracking import Tracking
from karez.sorter.plc.protocol import Arrived, HubTelegram


class Ordering(Protocol):
    """What the loop asks of a driver."""

    def order(self, telegram: HubTelegram) -> None:
        """Hand over a telegram; never waits."""
        ...


class Ledger:
    """Writes for the control loop, and measures from what came in to what left."""

    def __init__(self, commits: Commits, plc: Ordering, tracking: Tracking, clock: Clock) -> None:
        self.commits, self._plc, self._tracking, self._clock = commits, plc, tracking, clock
        self._stages = commits.stages

    def of_parcel(self, parcel: LiveParcel, new: Sequence[ev.Event]) -> Entry:
        """Apply events to the parcel in memory, and give the entry that commits them at the version they expect."""
        expected, now = parcel.version, self._clock.now()
        for event in new:
            parcel.apply(event)
            self._tracking.coding.apply(event, now)
        self._tracking.note(parcel)
        return Entry(ev.parcel_stream(parcel.parcel), new, expected)

    @staticmethod
    def of_hub(new: Sequence[ev.Event]) -> list[Entry]:
        """Entry for what concerns the hub as a whole; none without events."""
        return [Entry(ev.HUB_STREAM, new)] if new else []

    def commit(
        self,
        entries: Sequence[Entry],
        arrived: Arrived | None = None,
        order: ev.DivertOrdered | None = None,
        texts: Sequence[PersonalText] = (),
        since_s: float | None = None,
        learned: Sequence[LearnedAnswer] = (),
        lines: Sequence[Journalled] = (),
    ) -> None:
        """Commit all of it together; only then send the order, and acknowledge the telegram that led to it.

        Parameters
        ----------
        lines
            Of the journal, besides telegram and order: other inputs, and what a decision looked at.
        since_s
            Monotonic time of the last needed input, where it is neither the telegram nor now.
        """
        written = [entry for entry in entries if entry.events]
        journal = [*([] if arrived is None else [inbound(arrived)]), *lines]
        if order is not None:
            journal.append(outbound(dest(order)))
        written += [entry for each in learned for entry in learning.learned(each).entries]
        if arrived is not None:
            self._heard(arrived)
        if written or journal or texts:
            if since_s is None:
                since_s = self._clock.monotonic_s() if arrived is None else arrived.at_s
            self.commits.put(Append(written, journal, texts, learned=learned), self._act(arrived, order, since_s))

    def _heard(self, arrived: Arrived) -> None:
        telegram = arrived.telegram
        if isinstance(telegram, Scan):
            self._stages.asked(telegram.parcel, telegram.lap, arrived.at_s)
        elif isinstance(telegram, Divert):
            self._stages.confirmed(telegram.parcel, arrived.at_s)

    def send_round(self, arrived: Arrived, parcel: ParcelId, order: OrderId, told: Sequence[Entry]) -> None:
        """Answer for a parcel whose way has ended here, yet which still rides: go round, a person must look."""
        telegram = Dest(order, parcel, None, (), "not_on_sorter")

        def act() -> None:
            self._plc.order(telegram)
            arrived.acknowledge()

        self.commits.put(Append(told, [inbound(arrived), outbound(telegram)]), act)

    def _act(self, arrived: Arrived | None, order: ev.DivertOrdered | None, started_s: float) -> Act:
        def act() -> None:
            if order is not None:
                self._send(order)
                self._stages.decision.add((self._clock.monotonic_s() - started_s) * 1000)
            if arrived is not None:
                arrived.acknowledge()

        return act

    def send_again(self, order: ev.DivertOrdered) -> None:
        """Send an order that an earlier run of the hub committed, under its id."""
        self.commits.put(Append(), lambda: self._send(order))

    def _send(self, order: ev.DivertOrdered) -> None:
        self._plc.order(dest(order))
        self._stages.ordered(order.parcel, order.order, self._clock.monotonic_s())


def dest(order: ev.DivertOrdered) -> Dest:
    """Telegram of a committed order."""
    return Dest(order.order, order.parcel, order.chute, order.alternatives, order.reason, order.valid_for_ms)
