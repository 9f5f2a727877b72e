"""The coding desk: takes in what a coding operator answers, tells what became of it, and remembers it."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from karez.address.door import door_of_text
from karez.address.resolver import Resolver
from karez.domain import events as ev
from karez.domain.coding import CodingAnswer, CodingOutcome, CodingReport, operator_name
from karez.domain.destination import Destination
from karez.domain.errors import BadInput
from karez.domain.ids import AnswerId, ParcelId
from karez.domain.learned import LearnedAnswer
from karez.domain.reading import NoRead, Reading
from karez.eventstore.append import Append, Entry
from karez.eventstore.protocol import Store
from karez.eventstore.store import utc_now
from karez.hub import coding, learning
from karez.hub.coding import Refusal, Told
from karez.hub.control import Control
from karez.reading.scanner import judge_scanned

_ANSWER = msgspec.json.Decoder(CodingAnswer)
_NOT_YET_STORED = 1000  # answers that may wait for their commit at one time; far more than people give

_SAID = {
    CodingOutcome.THIS_LAP: "it leaves on this lap",
    CodingOutcome.NEXT_LAP: "its chute was passed by: it leaves on the next lap",
    CodingOutcome.GIVEN_UP: "nothing was told: the exception chute takes it",
    CodingOutcome.STILL_UNRESOLVED: "nothing is known about this waybill number: where it must go is still open",
}


class CodingDesk:
    """Beside the control loop, which alone changes anything.

    Parameters
    ----------
    least
        A place in words that is resolved with less confidence is not taken.
    now
        Clock, aware UTC.
    """

    def __init__(
        self,
        control: Control,
        store: Store,
        resolver: Resolver,
        least: float,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._control, self._store, self._resolver, self._least, self._now = control, store, resolver, least, now
        self._answered: deque[ParcelId] = deque(maxlen=_NOT_YET_STORED)

    async def answer(self, body: bytes) -> dict[str, Any]:
        """Answer a ``code`` message, once all that it led to is durable."""
        report = self.take(_checked(body, self._now()))
        await self._control.commits.stored(Append())
        return {"report": msgspec.to_builtins(report)}

    def tasks(self) -> dict[str, Any]:
        """Answer a ``coding_tasks`` message: what waits for a person, the most urgent first."""
        return {"tasks": msgspec.to_builtins(self._control.tracking.coding.open)}

    def take(self, answer: CodingAnswer) -> CodingReport:
        """Take in one answer: once for each parcel; one that comes too late is no fault, and may still teach."""
        parcel = self._control.tracking.parcels.get(answer.parcel)
        refused = coding.refusal(parcel)
        if refused is not None and (parcel is not None or not self._still_open(answer)):
            return CodingReport(refused.outcome, refused.explanation)
        told = self._told(answer)
        if isinstance(told, Refusal):
            return CodingReport(told.outcome, told.explanation)
        lesson = self._lesson(answer)
        self._answered.append(answer.parcel)
        if parcel is None or refused is not None:
            return self._too_late(told, lesson)
        events = self._control.coded(parcel, told, lesson)
        outcome = next(CodingOutcome(each.outcome) for each in events if isinstance(each, ev.CodingAnswered))
        return CodingReport(outcome, _SAID[outcome], learned=bool(lesson))

    def _still_open(self, answer: CodingAnswer) -> bool:
        """Whether a parcel that has left was asked about, and nobody answered: not even a moment ago."""
        if answer.parcel in self._answered:
            return False
        history = [each.event for each in self._store.read_stream(ev.parcel_stream(answer.parcel))]
        asked = any(isinstance(each, ev.CodingAsked) for each in history)
        return asked and not any(isinstance(each, ev.CodingAnswered) for each in history)

    def _told(self, answer: CodingAnswer) -> Told | Refusal:
        number: Reading | None = None
        if answer.waybill:
            judged = judge_scanned(["".join(answer.waybill.split()).upper()], self._control.rules)
            if isinstance(judged, NoRead):
                return Refusal(CodingOutcome.NO_WAYBILL, judged.explanation)
            number = judged
        where = coding.place_meant(answer, self._resolver, self._least)
        return where if isinstance(where, Refusal) else Told(answer, where, number)

    def _lesson(self, answer: CodingAnswer) -> list[LearnedAnswer]:
        """What is remembered: only an area that the person chose; where words led to one, the machine did."""
        kept = self._store.personal(answer.parcel)
        text = answer.place or (kept.address if kept else "")
        door = door_of_text(text, self._resolver.gazetteer) if answer.area and text else None
        if door is None or answer.area is None:
            return []
        return [LearnedAnswer(_lesson_id(answer), door, answer.area, answer.operator, answer.at)]

    def _too_late(self, told: Told, lesson: list[LearnedAnswer]) -> CodingReport:
        """It has left the sorter: the answer is recorded all the same, and serves the next parcel of its address."""
        where = told.where if isinstance(told.where, Destination) else None
        said = ev.CodingAnswered(
            told.answer.parcel,
            told.answer.operator,
            CodingOutcome.GONE,
            0,
            where.area if where else None,
            told.number.waybill.value if told.number else None,
            told.number.company if told.number else None,
        )
        entries = [Entry(ev.parcel_stream(told.answer.parcel), [said])]
        entries += [entry for each in lesson for entry in learning.learned(each).entries]
        self._control.commits.put(Append(entries, learned=lesson))
        return CodingReport(CodingOutcome.GONE, "it has left the sorter", learned=bool(lesson))


def _checked(body: bytes, now: datetime) -> CodingAnswer:
    """Refuse here what the store could not keep: there it would end the hub. Nothing was answered later than now."""
    try:
        answer = _ANSWER.decode(body)
    except msgspec.MsgspecError as error:
        raise BadInput(f"is no answer: {error}", "control socket") from error
    if answer.at.tzinfo is None or operator_name(answer.operator) is None:
        raise BadInput("has no time zone, or no operator", "control socket")
    return replace(answer, at=min(answer.at, now))


def _lesson_id(answer: CodingAnswer) -> AnswerId:
    """Name of what an answer teaches: the same one again, handed in twice, is remembered once."""
    return AnswerId(sha256(f"{answer.parcel}\n{answer.operator}".encode()).hexdigest()[:12])
