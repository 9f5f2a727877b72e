"""When each question is asked: on a fixed timetable whatever the answers do, or as soon as there is room for one."""

from typing import Protocol


class Timetable(Protocol):
    """Gives each SCAN its due time, in seconds from the start of the run."""

    def due_s(self, asked: int, open_prompt: int, now_s: float) -> float | None:
        """When the SCAN after ``asked`` others is due; ``None`` while none may be asked.

        ``open_prompt`` questions have no answer yet though their code alone decides.
        """
        ...

    def over(self, asked: int, now_s: float) -> bool:
        """Whether no further SCAN is due."""
        ...


class FixedRate:
    """Open loop: due times stand before the run, so that a hub that stalls is measured by all that came meanwhile."""

    def __init__(self, rate: float, seconds: float, first_s: float) -> None:
        self.rate, self._first_s = rate, first_s
        self.questions = round(rate * seconds)

    def due_s(self, asked: int, open_prompt: int, now_s: float) -> float | None:
        """Place in the timetable."""
        return None if asked >= self.questions else self._first_s + asked / self.rate

    def over(self, asked: int, now_s: float) -> bool:
        """Whether all were asked."""
        return asked >= self.questions


class FlatOut:
    """Closed loop: so many questions are open at any time, and the hub is never waited for.

    Those that wait for a picture are not counted among them: for seconds they would keep others from being asked,
    and the figure would be that of the frame window.
    """

    def __init__(self, in_flight: int, seconds: float, first_s: float) -> None:
        self._in_flight, self._first_s, self._last_s = in_flight, first_s, first_s + seconds

    def due_s(self, asked: int, open_prompt: int, now_s: float) -> float | None:
        """At once, where there is room."""
        return max(now_s, self._first_s) if open_prompt < self._in_flight and now_s < self._last_s else None

    def over(self, asked: int, now_s: float) -> bool:
        """Whether its time is over."""
        return now_s >= self._last_s
