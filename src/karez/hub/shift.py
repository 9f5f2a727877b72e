"""Availability over the shift that runs: followed event by event, begun anew with each shift."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from karez.domain.events import Recorded
from karez.hub.availability import Availability
from karez.hub.availability_report import Report
from karez.settings import AvailabilitySection


def _starts(around: date, shifts: Sequence[str], zone: ZoneInfo) -> list[datetime]:
    days = [around + timedelta(days=offset) for offset in (-1, 0, 1)]
    return sorted(datetime.combine(day, time.fromisoformat(start), zone) for day in days for start in shifts)


def shift_of(at: datetime, shifts: Sequence[str], zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When the shift of a moment begins and ends, aware UTC; ``shifts`` are times of day in that zone."""
    starts = _starts(at.astimezone(zone).date(), shifts, zone)
    began = max(start for start in starts if start <= at)
    return began.astimezone(UTC), min(start for start in starts if start > at).astimezone(UTC)


class RunningShift:
    """Takes events in their order; gives the report of the shift so far.

    What it is not told of (it may begin in the middle of a history) does not count: the report says since when.
    """

    def __init__(self, section: AvailabilitySection, time_zone: str, chutes: Iterable[str]) -> None:
        self._shifts, self._zone = section.shifts, ZoneInfo(time_zone)
        self._availability = Availability(section.goal_s, section.goal_share, chutes)
        self._ends: datetime | None = None

    def apply(self, recorded: Recorded) -> None:
        """Take in one more event."""
        self._turn(recorded.at)
        self._availability.apply(recorded)

    def report(self, now: datetime) -> Report:
        """Figures of the shift so far."""
        self._turn(now)
        return self._availability.report(now)

    def _turn(self, at: datetime) -> None:
        if self._ends is not None and at < self._ends:
            return
        began, ends = shift_of(at, self._shifts, self._zone)
        if self._ends is not None:
            self._availability.begin(began)
        self._ends = ends
