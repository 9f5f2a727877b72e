"""The Hall page's projection: events in, the state of the hall and its five figures out; no clock, no store."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from karez.domain import events as ev
from karez.domain.ids import ChuteId, ParcelId
from karez.domain.sorting import ChuteState
from karez.web.hall_pace import HallPace
from karez.web.hall_window import HourWindow

RECENT = 40
"""How many finished parcels are remembered for the ticker."""

UNSEEN_LAPS = 3
"""A parcel not heard of for so many laps is no longer drawn: where it is, nobody knows (it is not lost for that)."""


@dataclass(slots=True)
class OnLoop:
    """A parcel without a final state, as it was last heard of.

    ``anchor`` says where that was: ``scan`` or the name of an induction.
    """

    parcel: ParcelId
    carrier: int
    anchor: str
    seen_at: datetime
    lap: int = 0
    waybill: str | None = None
    read: bool | None = None
    area: str | None = None
    place: str | None = None
    chute: ChuteId | None = None
    reason: str = ""
    no_read_at: float | None = None


@dataclass(slots=True)
class Chute:
    """A chute: its state as the PLC reported it, and what fell into it since the projection began."""

    id: ChuteId
    state: str = ChuteState.OPEN.value
    fill_percent: int | None = None
    count: int = 0
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """One parcel at the end of its way, for the ticker. ``state`` is a final `ParcelState`."""

    parcel: ParcelId
    waybill: str | None
    state: str
    chute: ChuteId | None
    area: str | None
    place: str | None
    reason: str
    at: datetime


@dataclass(slots=True)
class Alarm:
    """An active alarm; the same one raised again is merged with a count."""

    key: str
    place: str
    priority: int
    explanation: str
    since: datetime
    count: int = 1


@dataclass(slots=True)
class Link:
    """The link to the PLC; ``connected`` is ``None`` until an event told."""

    connected: bool | None = None
    since: datetime | None = None
    peer: str = ""
    reason: str = ""


class HallFigures:
    """Follows the events of one hub.

    Not thread-safe: one writer applies, and readers run in the same thread.
    """

    def __init__(self) -> None:
        self.position = 0
        self.first_at: datetime | None = None
        self.last_at: datetime | None = None
        self.window = HourWindow()
        self.pace = HallPace()
        self.live: dict[ParcelId, OnLoop] = {}
        self.chutes: dict[ChuteId, Chute] = {}
        self.inductions: dict[str, str] = {}
        self.sorter_state: str | None = None
        self.sorter_at: datetime | None = None
        self.speed_mm_s: int | None = None
        self.recent: deque[Finished] = deque(maxlen=RECENT)
        self.link = Link()
        self.plan: ev.PlanActivated | None = None
        self.plan_at: datetime | None = None
        self.hub: ev.HubStarted | None = None
        self.hub_running: bool | None = None
        self.unmatched = 0
        self.total = 0
        self._alarms: dict[tuple[str, str], Alarm] = {}
        self._unstored: dict[tuple[str, str], Alarm] = {}
        self._recirculating = 0

    def alarms(self) -> Sequence[Alarm]:
        """Active alarms, the most urgent first, then the newest; also those that could not be stored."""
        active = (self._unstored | self._alarms).values()
        return sorted(active, key=lambda each: (each.priority, -each.since.timestamp()))

    def hear(self, said: Iterable[Mapping[str, Any]], at: datetime) -> bool:
        """Take over the alarms that control itself says are up: on a full disk no event can tell of them.

        Returns
        -------
        bool
            Whether that changed what is shown.
        """
        before = self._unstored
        self._unstored = {}
        for each in said:
            key = (str(each["key"]), str(each["place"]))
            if key not in self._alarms:
                known = before.get(key)
                since = known.since if known else at
                self._unstored[key] = Alarm(*key, int(each["priority"]), str(each["explanation"]), since)
        return self._unstored.keys() != before.keys()

    def apply(self, recorded: ev.Recorded) -> None:
        """Take one event in."""
        self.position = recorded.position
        self._pass_time(recorded.at)
        event, at = recorded.event, recorded.at
        match event:
            case ev.ParcelInducted():
                self.live[event.parcel] = OnLoop(event.parcel, event.carrier, event.induction, at)
                self.pace.note(at, event.plc_ts_ms)
                self.total += 1
            case (
                ev.ParcelScanned()
                | ev.ParcelRead()
                | ev.ParcelNotRead()
                | ev.ParcelResolved()
                | ev.ParcelAssigned()
                | ev.DivertOrdered()
            ):
                self._on_the_way(event, at)
            case ev.ParcelDiverted() | ev.ParcelExcepted() | ev.ParcelMissorted():
                self._in_chute(event, at)
            case ev.ParcelRemoved() | ev.ParcelTakenOff():
                self._gone(event, at)
            case ev.FrameUnmatched():
                self.unmatched += 1
            case ev.AlarmRaised():
                self._raise_alarm(event, at)
            case ev.AlarmCleared():
                self._alarms.pop((event.key, event.place), None)
            case _:
                self._hall(event, at)

    def _pass_time(self, at: datetime) -> None:
        """Add the carrier-seconds since the last event: the recirculating share is averaged over time."""
        if self.last_at is not None:
            span_s = min((at - self.last_at).total_seconds(), 60.0)  # a longer silence says nothing of the loop
            if span_s > 0:
                step = self.window.at(at.timestamp())
                step.occupied_s += span_s * len(self.live)
                step.recirculating_s += span_s * self._recirculating
        self.first_at = self.first_at or at
        self.last_at = at

    def _on_the_way(
        self,
        event: ev.ParcelScanned
        | ev.ParcelRead
        | ev.ParcelNotRead
        | ev.ParcelResolved
        | ev.ParcelAssigned
        | ev.DivertOrdered,
        at: datetime,
    ) -> None:
        parcel = self.live.get(event.parcel)
        if parcel is None:  # inducted before the projection began
            return
        match event:
            case ev.ParcelScanned():
                self._recirculating += (event.lap > 1) - (parcel.lap > 1)
                parcel.lap, parcel.carrier, parcel.anchor, parcel.seen_at = event.lap, event.carrier, "scan", at
            case ev.ParcelRead():
                self._count_read(parcel, at)
                parcel.waybill = event.waybill
            case ev.ParcelNotRead():
                self._count_no_read(parcel, at)
            case ev.ParcelResolved():
                parcel.area = event.area
                parcel.place = event.township_name or event.county_name or event.prefecture_name or event.province_name
            case ev.ParcelAssigned():
                parcel.chute, parcel.reason = event.chute, event.reason
            case ev.DivertOrdered():
                parcel.chute = event.chute

    def _count_read(self, parcel: OnLoop, at: datetime) -> None:
        """Count a parcel as read, once; an earlier no-read of the same parcel is taken back."""
        if parcel.read:
            return
        if parcel.no_read_at is not None:
            self.window.at(parcel.no_read_at).no_read -= 1
        self.window.at(at.timestamp()).read += 1
        parcel.read, parcel.no_read_at = True, None

    def _count_no_read(self, parcel: OnLoop, at: datetime) -> None:
        if parcel.read is None:
            parcel.read, parcel.no_read_at = False, at.timestamp()
            self.window.at(at.timestamp()).no_read += 1

    def _in_chute(self, event: ev.ParcelDiverted | ev.ParcelExcepted | ev.ParcelMissorted, at: datetime) -> None:
        step = self.window.at(at.timestamp())
        step.finished += 1
        state, reason = "diverted", None
        if isinstance(event, ev.ParcelExcepted):
            step.exceptions += 1
            state, reason = "exception", event.reason
        elif isinstance(event, ev.ParcelMissorted):
            step.missorts += 1
            state = "missorted"
        self.chute(event.chute).count += 1
        self._finish(event.parcel, state, event.chute, reason, at)

    def _gone(self, event: ev.ParcelRemoved | ev.ParcelTakenOff, at: datetime) -> None:
        if isinstance(event, ev.ParcelRemoved):
            self._finish(event.parcel, "removed", None, event.reason, at)
        else:
            self._finish(event.parcel, "taken_off", None, None, at)

    def _finish(self, parcel: ParcelId, state: str, chute: ChuteId | None, reason: str | None, at: datetime) -> None:
        known = self.live.pop(parcel, None)
        if known is not None and known.lap > 1:
            self._recirculating -= 1
        known = known or OnLoop(parcel, 0, "scan", at)
        self.recent.appendleft(
            Finished(parcel, known.waybill, state, chute, known.area, known.place, reason or known.reason, at)
        )

    def chute(self, name: ChuteId) -> Chute:
        """Give a chute, making it known if need be."""
        return self.chutes.setdefault(name, Chute(name))

    def _raise_alarm(self, event: ev.AlarmRaised, at: datetime) -> None:
        known = self._alarms.get((event.key, event.place))
        if known is None:
            self._alarms[event.key, event.place] = Alarm(event.key, event.place, event.priority, event.explanation, at)
        else:
            known.count += 1
            known.priority, known.explanation = event.priority, event.explanation

    def _hall(self, event: ev.Event, at: datetime) -> None:
        match event:
            case ev.ChuteChanged():
                chute = self.chute(event.chute)
                chute.state, chute.fill_percent, chute.changed_at = event.state, event.fill_percent, at
            case ev.SorterChanged(subject="induction"):
                self.inductions[event.name] = event.state
            case ev.SorterChanged():
                if event.state != self.sorter_state:
                    self.sorter_state, self.sorter_at = event.state, at
                self.speed_mm_s = event.value or self.speed_mm_s
            case ev.SorterConnected():
                self.link = Link(True, at, event.peer)
            case ev.SorterDisconnected():
                self.link = Link(False, at, event.peer, event.reason)
            case ev.PlanActivated():
                self.plan, self.plan_at = event, at
            case ev.HubStarted():
                self.hub, self.hub_running = event, True
            case ev.HubStopped():
                self.hub_running = False
            case _:
                pass
