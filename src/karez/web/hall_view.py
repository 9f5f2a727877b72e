"""What the Hall page shows at one moment, computed from the projection: figures with bands, carriers, chutes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from karez.domain.ids import ChuteId
from karez.settings import HallSection
from karez.web.hall_drawing import Drawing
from karez.web.hall_figures import UNSEEN_LAPS, HallFigures, OnLoop
from karez.web.hall_window import KEEP_S, STEP_S, Step
from karez.web.languages import N_

RATE_WINDOW_S = 120
"""Throughput is extrapolated from the last two minutes: long enough to be calm, short enough to see a stop."""

_SHORTEST_S = 10.0
_BEFORE_SCAN = 0.995
"""A parcel that was not scanned yet is not drawn beyond the scan point, however late its scan is told."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the five numbers.

    Attributes
    ----------
    name
        Stable, for ids; ``title`` and ``band_text`` are messages, ``unit`` a sign or a message.
    value
        ``None``: not available, shown as a dash and never as zero.
    low, high, full
        Normal band and the end of the scale.
    points
        The figure over ``span_s`` seconds up to now, oldest first.
    notes
        Pairs of message and number shown small beside it.
    """

    name: str
    title: str
    value: float | None
    decimals: int
    unit: str
    low: float
    high: float
    full: float
    points: Sequence[float | None] = ()
    span_s: float = 0.0
    notes: Sequence[tuple[str, int]] = ()
    bottom: float = 0.0

    @property
    def abnormal(self) -> bool:
        """Whether the value lies outside its normal band."""
        return self.value is not None and not self.low <= round(self.value, self.decimals) <= self.high

    @property
    def lines(self) -> Sequence[str]:
        """Give the sparkline as SVG point lists, 0 to 100 upwards; a gap in the data parts the line."""
        known = [point for point in self.points if point is not None]
        if not known:
            return ()
        ceiling = max(*known, self.high * 0.2, self.bottom + 1) if self.bottom == 0 else self.full
        lines: list[list[str]] = [[]]
        for x, point in enumerate(self.points):
            if point is None:
                lines.append([])
            else:
                y = 96 - 92 * (max(point, self.bottom) - self.bottom) / (ceiling - self.bottom)
                lines[-1].append(f"{x},{y:.1f}")
        return [" ".join(line if len(line) > 1 else line * 2) for line in lines if line]

    @property
    def spark_width(self) -> int:
        """Give the sparkline's width in points."""
        return max(1, len(self.points) - 1)

    def share(self, value: float) -> float:
        """Give a value's place on the scale, 0 to 1."""
        return max(0.0, min(1.0, (value - self.bottom) / (self.full - self.bottom)))


def lap_s(hall: HallSection, speed_mm_s: int | None) -> float:
    """Give the time of one lap, from the reported speed or, without one, the configured."""
    return hall.carriers * hall.pitch_mm / (speed_mm_s or hall.speed_mm_s)


def figures(hall: HallFigures, rated_per_hour: float, now: datetime) -> Sequence[Figure]:
    """Give the five figures of level 1.

    Bands are the yardsticks of the trade: tunnels read 95 % and more, sites lose 20-35 % of the rated throughput to
    recirculation and exceptions, and makers claim 8-15 missorts in 10,000.
    """
    second, window = now.timestamp(), hall.window
    whole = second // STEP_S * STEP_S  # the step that is still being counted would look like a drop
    hour = window.sum(second - KEEP_S, second + 1)
    some = hall.first_at is not None

    def over_time(figure: Callable[[Step], float | None]) -> dict[str, Any]:
        points, span = window.points(figure, whole)
        return {"points": points, "span_s": span}

    finished, span_s = window.points(lambda step: float(step.finished), whole)
    rates = [point * 3600 * len(finished) / span_s for point in finished if point is not None]
    return (
        Figure(
            "throughput", N_("Throughput"), _per_hour(hall, second), 0, N_("parcels/h"),
            0, rated_per_hour, rated_per_hour,
            points=rates, span_s=span_s,
        ),
        Figure(
            "read_rate", N_("Read rate"), _read_rate(hour), 1, "%", 95, 100, 100, bottom=80,
            notes=((N_("no-reads"), hour.no_read),) if some else (), **over_time(_read_rate),
        ),
        Figure(
            "recirculation", N_("Recirculation"), _recirculation(hour), 1, "%", 0, 10, 30,
            **over_time(_recirculation),
        ),
        Figure(
            "exceptions", N_("Exceptions"), _share(hour.exceptions, hour.finished), 1, "%", 0, 5, 15,
            notes=((N_("parcels"), hour.exceptions),) if some else (),
            **over_time(lambda step: _share(step.exceptions, step.finished)),
        ),
        Figure(
            "missorts", N_("Missorts"), float(hour.missorts) if some else None, 0, "", 0,
            max(0, hour.finished // 1000), 10, **over_time(lambda step: float(step.missorts)),
        ),
    )  # fmt: skip


def _per_hour(hall: HallFigures, second: float) -> float | None:
    if hall.first_at is None:
        return None
    since = max(second - RATE_WINDOW_S, hall.first_at.timestamp())
    return 3600 * hall.window.sum(since, second + 1).finished / max(second - since, _SHORTEST_S)


def _share(part: float, whole: float) -> float | None:
    return 100 * part / whole if whole > 0 else None


def _read_rate(step: Step) -> float | None:
    return _share(step.read, step.read + step.no_read)


def _recirculation(step: Step) -> float | None:
    return _share(step.recirculating_s, step.occupied_s)


def known_at(hall: HallFigures, control_up: bool | None, control_seen_at: datetime | None, now: datetime) -> datetime:
    """Give the moment up to which the places on the loop are known; later than that nothing may be drawn moving.

    It is ``now``, unless control does not answer, the link to the PLC is down, or the sorter stands.
    """
    ends = [now]
    if control_up is False:
        ends.append(control_seen_at or hall.last_at or now)
    if hall.link.connected is False and hall.link.since:
        ends.append(hall.link.since)
    if hall.sorter_state == "stopped" and hall.sorter_at:
        ends.append(hall.sorter_at)
    return min(ends)


def on_loop(hall: HallFigures, lap: float, now: datetime) -> Sequence[OnLoop]:
    """Give the parcels that can be drawn: those heard of within the last laps."""
    return [each for each in hall.live.values() if (now - each.seen_at).total_seconds() <= UNSEEN_LAPS * lap]


def carriers(hall: HallFigures, drawing: Drawing, lap: float, now: datetime) -> list[dict[str, Any]]:
    """Give each drawn parcel with its estimated place: share of the loop from the scan point, at ``now``.

    The estimate is the last place it was heard of plus the loop's speed times the time since.
    """
    return [
        {"id": each.parcel, "at": round(_place(each, drawing.anchors, lap, now), 4), "kind": _kind(each)}
        for each in on_loop(hall, lap, now)
    ]


def _place(parcel: OnLoop, anchors: Mapping[str, float], lap: float, now: datetime) -> float:
    since_s = max(0.0, (now - parcel.seen_at).total_seconds())
    way = _anchor(parcel, anchors) + since_s / lap
    return min(way, _BEFORE_SCAN) if parcel.lap == 0 else way % 1.0


def _anchor(parcel: OnLoop, anchors: Mapping[str, float]) -> float:
    return anchors.get(parcel.anchor, 0.93 if parcel.lap == 0 else 0.0)


def _kind(parcel: OnLoop) -> str:
    if parcel.lap > 1:
        return "again"
    if parcel.read is False:
        return "unread"
    return "bound" if parcel.chute else "new"


def chute_alarms(hall: HallFigures) -> Mapping[ChuteId, int]:
    """Give the priority of each chute's most urgent alarm."""
    result: dict[ChuteId, int] = {}
    for alarm in hall.alarms():
        place = ChuteId(alarm.place)
        result[place] = min(alarm.priority, result.get(place, 9))
    return result
