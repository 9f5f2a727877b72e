"""Replay: the journal of a hub goes through the control loop once more, and must lead to the same orders.

The real control code runs over a store in memory, with no sorter, no reader and no clock but the journal's. What was
recognised, and what people told, is taken from the events that were recorded with it: a replay needs no picture, no
address and no pre-advice. Every order that comes out is held against the one that left then.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from karez.domain import events as ev
from karez.domain.clock import Timer
from karez.domain.errors import BadInput
from karez.domain.ids import OrderId, ParcelId
from karez.domain.reading import NoRead, Reading
from karez.domain.sorting import HallState
from karez.domain.telegrams import Dest, Divert, Induct, Scan, State
from karez.eventstore.memory import MemoryStore
from karez.eventstore.protocol import JournalRow, Store
from karez.hub.assignment import House
from karez.hub.control import Control
from karez.hub.frame_desk import Readers
from karez.hub.journal import Looked, Own
from karez.hub.parcel import LiveParcel
from karez.hub.reading_work import Job
from karez.hub.recognition import Recognition
from karez.hub.recovery import recover
from karez.settings import Settings
from karez.sorter.plc.protocol import Arrived, HubTelegram, Linked, PlcTelegram, Unlinked
from karez.sortplan.plan import SortPlan

_TELEGRAMS: dict[str, msgspec.json.Decoder[PlcTelegram]] = {
    kind.__name__.upper(): msgspec.json.Decoder(kind) for kind in (Induct, Scan, Divert, State)
}
_DEST, _LOOKED, _ANY = msgspec.json.Decoder(Dest), msgspec.json.Decoder(Looked), msgspec.json.Decoder(dict[str, Any])
_A_PAGE = 5_000
_TOLD = 20

_RECOGNISED = (
    ev.ParcelRead,
    ev.ParcelNotRead,
    ev.ParcelResolved,
    ev.ParcelUnresolved,
    ev.WaybillDuplicated,
    ev.DestinationContradicted,
    ev.CodingAsked,
    ev.CodingAnswered,
)
"""What came from outside of the decisions: readings, and what people told."""


@dataclass(frozen=True, slots=True)
class Difference:
    """An order that came out otherwise: ``then`` as it left, ``now`` as the replay gives it; ``None`` for none."""

    journal_id: int
    parcel: ParcelId
    then: Dest | None
    now: Dest | None


@dataclass(slots=True)
class Report:
    """What a replay found.

    Attributes
    ----------
    inputs
        Lines by type.
    decisions, same
        Orders that left then, and those of them that came out the same: chute, alternatives, reason and validity.
    differences
        The first ones.
    """

    inputs: Counter[str] = field(default_factory=Counter)
    starts: int = 0
    decisions: int = 0
    same: int = 0
    differences: list[Difference] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Whether every order came out the same, and none besides."""
        return self.same == self.decisions and not self.differences


@dataclass(slots=True)
class _Step:
    """One input, and what the journal says came of it."""

    row: JournalRow
    events: Sequence[ev.Event]
    looked: dict[ParcelId, Looked] = field(default_factory=dict)
    orders: deque[tuple[int, Dest]] = field(default_factory=deque)


class _Clock:
    """The journal's time; nothing is called later: what a timer did then is a line of its own."""

    def __init__(self) -> None:
        self.at = datetime.min

    def monotonic_s(self) -> float:
        return self.at.timestamp() if self.at != datetime.min else 0.0

    def now(self) -> datetime:
        return self.at

    def call_later(self, delay_s: float, action: Callable[..., object], *args: object) -> Timer:
        return _Never()

    def call_soon(self, action: Callable[..., object], *args: object) -> None:
        action(*args)


class _Never:
    def cancel(self) -> None:
        """Nothing was to be done."""


class _Nobody(Readers):
    """Readers that are never asked."""

    replaced = 0

    @property
    def waiting(self) -> int:
        return 0

    def offer(self, job: Job) -> bool:
        return False


class _Orders:
    """The sorter's place: orders are gathered."""

    def __init__(self) -> None:
        self.dests: deque[Dest] = deque()

    def order(self, telegram: HubTelegram) -> None:
        if isinstance(telegram, Dest):
            self.dests.append(telegram)


class _Recorded(Recognition):
    """Recognition that says what was recorded with the step."""

    events_of: Callable[[ParcelId], list[ev.Event]]

    def look_up(self, parcel: LiveParcel | None, outcome: Reading | NoRead | None, house: House) -> None:
        pass

    def by_scanner(self, parcel: LiveParcel | None, telegram: Scan) -> Reading | NoRead | None:
        return None

    def scanned(self, parcel: LiveParcel, outcome: Reading | NoRead | None, house: House) -> list[ev.Event]:
        return self.events_of(parcel.parcel)


class Replay:
    """One replay of a store's journal.

    Parameters
    ----------
    recorded
        The hub's store: its journal and its events are read, nothing is written.
    settings
        Where the journal tells other deciding settings (it does with each start), those count.
    house
        Makes what a decision looks at, from settings, plan and the state of the hall.
    plans
        Sort plans by their SHA-256.
    """

    def __init__(
        self,
        recorded: Store,
        settings: Settings,
        house: Callable[[Settings, SortPlan, HallState], House],
        plans: dict[str, SortPlan],
    ) -> None:
        self._recorded, self._settings, self._house_of, self._plans = recorded, settings, house, plans
        self._clock, self._store = _Clock(), MemoryStore(now=lambda: self._clock.at)
        self._plan: SortPlan | None = None
        self._control: Control | None = None
        self._orders = _Orders()
        self._step: _Step | None = None
        self.report = Report()

    def run(self, on_progress: Callable[[int], None] = lambda position: None) -> Report:
        """Go through the whole journal; ``on_progress`` is told the position of the events reached.

        Raises
        ------
        BadInput
            Where the journal was written by a version that did not keep all inputs, or a plan is missing.
        """
        for step in self._steps():
            self._clock.at = step.row.at
            self._step = step
            self.report.inputs[step.row.type] += 1
            self._take(step)
            self._compare(step)
            on_progress(step.row.position or 0)
        return self.report

    # ---- reading the journal -----------------------------------------------------------------------------------------

    def _rows(self) -> Iterator[JournalRow]:
        after = 0
        while rows := self._recorded.journal(after, _A_PAGE):
            yield from rows
            after = rows[-1].id

    def _steps(self) -> Iterator[_Step]:
        """Inputs, each with what was committed with it, what was looked at and which orders left."""
        events = _EventsInOrder(self._recorded)
        step: _Step | None = None
        for row in self._rows():
            if row.position is None:
                raise BadInput("was written before all inputs were kept", f"journal line {row.id}", "it has no replay")
            found = events.up_to(row.position)
            if row.direction == "out" and step is not None:
                order = _DEST.decode(row.body)
                step.orders.append((row.id, order))
            elif row.type == Own.LOOKED and step is not None:
                looked = _LOOKED.decode(row.body)
                step.looked[looked.parcel] = looked
            else:
                if step is not None:
                    yield step
                step = _Step(row, found)
        if step is not None:
            yield step

    # ---- one step ----------------------------------------------------------------------------------------------------

    def _take(self, step: _Step) -> None:
        row = step.row
        if row.type == Own.START:
            self._start(_ANY.decode(row.body))
            return
        if self._control is None:
            raise BadInput("does not begin with a start of the hub", f"journal line {row.id}", "replay a whole store")
        if row.direction == "in":
            telegram = _TELEGRAMS[row.type].decode(row.body)
            self._control.receive(Arrived(telegram, row.seq, row.session, lambda: None, self._clock.monotonic_s()))
            return
        self._own(self._control, row.type, _ANY.decode(row.body))

    def _own(self, control: Control, kind: str, body: dict[str, Any]) -> None:
        parcel = control.tracking.parcels.get(ParcelId(body.get("parcel", "")))
        if kind == Own.FRAME:
            control.tracking.in_flight[ParcelId(body["parcel"])] += 1
        elif kind == Own.READ:
            self._read(control, body)
        elif kind in (Own.CODE, Own.WAITED) and parcel is not None:
            control.recorded(parcel, self._recognised(parcel.parcel))
        elif kind == Own.TAKEN_OFF and parcel is not None:
            control.taken_off(parcel, body["by"])
        elif kind == Own.LINK:
            control.receive(Linked(body["peer"], body["session"], body["resent"]))
            self._orders.dests.clear()  # orders that left again under their ids are no decisions
        elif kind == Own.UNLINK:
            control.receive(Unlinked(body["peer"], body["reason"]))
        elif kind == Own.PLAN:
            self._plan = self._plan_of(body["sha256"])

    def _read(self, control: Control, body: dict[str, Any]) -> None:
        name = ParcelId(body["parcel"])
        if body["forgotten"]:
            control.tracking.in_flight.pop(name, None)
        elif body["picture"]:
            control.tracking.is_read(name)
        parcel, found = control.tracking.parcels.get(name), self._recognised(name)
        if parcel is not None and found:
            control.recorded(parcel, found)

    def _recognised(self, parcel: ParcelId) -> list[ev.Event]:
        events = self._step.events if self._step else ()
        return [each for each in events if isinstance(each, _RECOGNISED) and each.parcel == parcel]

    # ---- a start -----------------------------------------------------------------------------------------------------

    def _start(self, body: dict[str, Any]) -> None:
        self.report.starts += 1
        self._plan = self._plan_of(body["hashes"]["plan"])
        settings = _with(self._settings, body["settings"])
        self._orders = _Orders()
        self._control = control = Control(
            settings,
            self._store,
            self._orders,
            _Nobody(),
            lambda hall: self._house_of(settings, self._plan_in_force(), hall),
            self._order_then,
            self._clock,
        )
        recorded = _Recorded(settings.reading, self._store, control.tracking)
        recorded.events_of = self._recognised
        control.recognition = recorded
        control.decisions.look = self._looked_then
        recover(control, self._store, self._plan, self._clock.monotonic_s())

    def _plan_in_force(self) -> SortPlan:
        assert self._plan is not None, "a start names its plan"
        return self._plan

    def _plan_of(self, sha256: str) -> SortPlan:
        if sha256 not in self._plans:
            what = f"the sort plan with SHA-256 {sha256[:12]}… was in force, and is not at hand"
            raise BadInput(what, "journal", "name its file with --plan")
        return self._plans[sha256]

    # ---- what the loop asks ------------------------------------------------------------------------------------------

    def _order_then(self) -> OrderId:
        """Name of the order that left then: confirmations speak of it."""
        step = self._step
        names = [order.order for _, order in step.orders] if step else []
        made = len(self._orders.dests)
        return names[made] if made < len(names) else OrderId(f"replay-{step.row.id if step else 0}-{made}")

    def _looked_then(self, parcel: LiveParcel) -> Looked:
        known = self._step.looked.get(parcel.parcel) if self._step else None
        return known or Looked(parcel.parcel)

    def _compare(self, step: _Step) -> None:
        self.report.decisions += len(step.orders)
        while step.orders or self._orders.dests:
            id, then = step.orders.popleft() if step.orders else (step.row.id, None)
            now = self._orders.dests.popleft() if self._orders.dests else None
            if then is not None and now is not None and _decides(then) == _decides(now):
                self.report.same += 1
            elif len(self.report.differences) < _TOLD:
                one = then or now
                assert one is not None, "one of the two was there"
                self.report.differences.append(Difference(id, one.parcel, then, now))


class _EventsInOrder:
    """Reads a store's events in step with its journal."""

    def __init__(self, store: Store) -> None:
        self._store, self._waiting, self._after = store, deque[ev.Recorded](), 0

    def up_to(self, position: int) -> list[ev.Event]:
        """Events behind the last call's position, up to this one."""
        found: list[ev.Event] = []
        while True:
            while self._waiting and self._waiting[0].position <= position:
                found.append(self._waiting.popleft().event)
            if self._waiting or self._after >= position:
                return found
            self._waiting.extend(self._store.read(self._after, _A_PAGE))
            if not self._waiting:
                return found
            self._after = self._waiting[-1].position


def _decides(order: Dest) -> tuple[object, ...]:
    return order.parcel, order.chute, tuple(order.alternatives), order.reason, order.valid_for_ms


def _with(settings: Settings, deciding: dict[str, dict[str, Any]]) -> Settings:
    """The settings with those that decided then."""
    sections = {name: getattr(settings, name).model_copy(update=fields) for name, fields in deciding.items()}
    return settings.model_copy(update=sections)
