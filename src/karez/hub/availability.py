"""Availability of the sorter from what was recorded: technical (after VDI 3581) and of performance (after VDI 4486).

What is taken from the two guidelines, whose texts are not free, and what is this hub's own choice is told in
docs/explanation/availability.md.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from karez.domain import events as ev
from karez.domain.ids import ParcelId
from karez.domain.sorting import ChuteState
from karez.domain.telegrams import Subject
from karez.hub.alarms import AlarmKey
from karez.hub.availability_report import HourFigures, PartFigures, Report, product

_HOLDING = frozenset({AlarmKey.LOOP_CLOGGED.value, AlarmKey.STORE_FULL.value})
"""Alarms during which the hub itself holds the inductions: that is no fault of theirs."""

_CHUTE, _INDUCTION = Subject.CHUTE.value, Subject.INDUCTION.value
STATE_KINDS = tuple(
    kind.kind
    for kind in (
        ev.HubStarted,
        ev.HubStopped,
        ev.SorterConnected,
        ev.SorterDisconnected,
        ev.SorterChanged,
        ev.AlarmRaised,
        ev.AlarmCleared,
        ev.ChuteChanged,
    )
)
"""Kinds of event that change the state of a part."""


@dataclass(slots=True)
class _Part:
    """A part's outages, in seconds of a clock that stands still while it does not count."""

    down_since_s: float | None = None
    down_s: float = 0.0
    outages: int = 0

    def turn(self, down: bool, now_s: float) -> None:
        if down and self.down_since_s is None:
            self.down_since_s = now_s
            self.outages += 1
        elif not down and self.down_since_s is not None:
            self.down_s += now_s - self.down_since_s
            self.down_since_s = None

    def total_s(self, now_s: float) -> float:
        return self.down_s + (0.0 if self.down_since_s is None else now_s - self.down_since_s)

    def anew(self) -> "_Part":
        down = self.down_since_s is not None
        return _Part(0.0 if down else None, outages=int(down))


@dataclass(slots=True)
class _Hour:
    parcels: int = 0
    in_time: int = 0


@dataclass(slots=True)
class _Clock:
    """Operating time since the window began, and of it the time in which the hub did not hold the inductions."""

    at: datetime | None = None
    operating: bool = False
    held: set[str] = field(default_factory=set)
    operating_s: float = 0.0
    free_s: float = 0.0

    def advance(self, at: datetime) -> None:
        if self.at is not None and self.operating and at > self.at:
            passed_s = (at - self.at).total_seconds()
            self.operating_s += passed_s
            self.free_s += 0.0 if self.held else passed_s
        self.at = at if self.at is None else max(self.at, at)


class Availability:
    """Takes events in the order in which they were stored; knows the figures of its window at any time.

    Parameters
    ----------
    goal_s, goal_share
        A parcel is in time when it is in a chute of its order so long behind its induction; an hour meets its goal
        with that share of them.
    chutes
        Chutes of the plan: without a throughput they count as well where all parts weigh the same.
    """

    def __init__(self, goal_s: float, goal_share: float, chutes: Iterable[str] = ()) -> None:
        self._goal, self._goal_share, self._known = timedelta(seconds=goal_s), goal_share, tuple(chutes)
        self._clock = _Clock()
        self._series = {"control": _Part(), "link": _Part(), "sorter": _Part()}
        self._parts: dict[tuple[str, str], _Part] = {(_CHUTE, name): _Part() for name in self._known}
        self._begin(None)

    def begin(self, since: datetime) -> None:
        """Begin a window: what is up or down stays so, and all else counts from zero."""
        self._clock.advance(since)
        self._begin(since)

    def _begin(self, since: datetime | None) -> None:
        self._since = since
        self._clock.operating_s = self._clock.free_s = 0.0
        self._series = {name: part.anew() for name, part in self._series.items()}
        self._parts = {key: part.anew() for key, part in self._parts.items()}
        self._passed: Counter[tuple[str, str]] = Counter()
        self._waiting: dict[ParcelId, datetime] = {}
        self._hours: dict[datetime, _Hour] = {}

    @property
    def since(self) -> datetime | None:
        """Beginning of the window, or the first event; ``None`` before either."""
        return self._since

    def apply(self, recorded: ev.Recorded) -> None:
        """Take in one more event."""
        at, event = recorded.at, recorded.event
        self._since = self._since or at
        heard_s = self._clock.operating_s
        self._clock.advance(at)
        if isinstance(event, ev.HubStarted):
            self._started(heard_s)
        elif isinstance(event, ev.HubStopped):
            self._clock.operating = False
            return
        self._clock.operating = True
        self._apply_state(event)
        self._apply_parcel(event, at)

    def _started(self, heard_s: float) -> None:
        """The control process is up: unless it was stopped in order, it was down since it was last heard of."""
        control, now_s = self._series["control"], self._clock.operating_s
        if self._clock.operating:
            control.turn(True, heard_s)
            control.turn(False, now_s)
        self._clock.held.clear()
        self._series["link"].turn(True, now_s)

    def _apply_state(self, event: ev.Event) -> None:
        match event:
            case ev.SorterConnected():
                self._series["link"].turn(False, self._clock.operating_s)
            case ev.SorterDisconnected():
                self._series["link"].turn(True, self._clock.operating_s)
            case ev.SorterChanged(subject=Subject.SORTER.value):
                self._series["sorter"].turn(event.state == "stopped", self._clock.operating_s)
            case ev.SorterChanged(subject=Subject.INDUCTION.value):
                self._part(_INDUCTION, event.name).turn(event.state == "off", self._clock.free_s)
            case ev.ChuteChanged():
                self._part(_CHUTE, event.chute).turn(event.state == ChuteState.CLOSED, self._clock.operating_s)
            case ev.AlarmRaised() if event.key in _HOLDING:
                self._clock.held.add(event.key)
            case ev.AlarmCleared() if event.key in _HOLDING:
                self._clock.held.discard(event.key)
            case _:
                pass

    def _part(self, group: str, name: str) -> _Part:
        return self._parts.setdefault((group, name), _Part())

    def _apply_parcel(self, event: ev.Event, at: datetime) -> None:
        match event:
            case ev.ParcelInducted():
                self._passed[_INDUCTION, event.induction] += 1
                self._waiting[event.parcel] = at
                self._hours.setdefault(_hour(at), _Hour()).parcels += 1
            case ev.ParcelDiverted() | ev.ParcelExcepted() | ev.ParcelMissorted():
                self._passed[_CHUTE, event.chute] += 1
                began = self._waiting.pop(event.parcel, None)
                if began is not None and isinstance(event, ev.ParcelDiverted) and at - began <= self._goal:
                    self._hours[_hour(began)].in_time += 1
            case ev.ParcelRemoved() | ev.ParcelTakenOff():
                self._waiting.pop(event.parcel, None)
            case _:
                pass

    def report(self, until: datetime) -> Report:
        """Figures of the window up to a time, which must not lie before the last event."""
        clock = _Clock(
            self._clock.at, self._clock.operating, self._clock.held, self._clock.operating_s, self._clock.free_s
        )
        clock.advance(until)
        parts = list(self._part_figures(clock))
        hours = self._hour_figures(until)
        counted, in_time = sum(hour.parcels for hour in hours), sum(hour.in_time for hour in hours)
        worked = clock.operating_s > 0
        return Report(
            since=self._since or until,
            until=until,
            operating_s=clock.operating_s,
            technical=product(parts, lambda part: part.weight) if worked else None,
            technical_unweighted=product(parts, lambda part: 1.0) if worked else None,
            performance=in_time / counted if counted else None,
            parcels=counted,
            in_time=in_time,
            hours_met=sum(hour.met for hour in hours),
            parts=parts,
            hours=hours,
        )

    def _part_figures(self, clock: _Clock) -> Iterable[PartFigures]:
        for name, part in self._series.items():
            yield _figures(name, name, part, clock.operating_s, clock.operating_s, 1.0)
        keys = sorted({*self._parts, *self._passed})
        for group in (_INDUCTION, _CHUTE):
            of_group = [key for key in keys if key[0] == group]
            passed = sum(self._passed[key] for key in of_group)
            for key in of_group:
                weight = self._passed[key] / passed if passed else 1 / len(of_group)
                now_s = clock.free_s if group == _INDUCTION else clock.operating_s
                part = self._parts.get(key, _Part())
                yield _figures(group, key[1], part, now_s, clock.operating_s, weight)

    def _hour_figures(self, until: datetime) -> list[HourFigures]:
        """Parcels that have time left are not judged yet."""
        young = Counter(_hour(began) for began in self._waiting.values() if until - began <= self._goal)
        figures = []
        for begins, hour in sorted(self._hours.items()):
            parcels = hour.parcels - young[begins]
            if parcels:
                share = hour.in_time / parcels
                figures.append(HourFigures(begins, parcels, hour.in_time, share, share >= self._goal_share))
        return figures


def _hour(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _figures(group: str, name: str, part: _Part, now_s: float, operating_s: float, weight: float) -> PartFigures:
    down_s = part.total_s(now_s)
    return PartFigures(group, name, 1 - down_s / operating_s if operating_s else 1.0, down_s, part.outages, weight)
