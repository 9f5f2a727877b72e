"""What a reader worker process does: read what comes, codes first, within its memory, until it is let go."""

import contextlib
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Literal

from karez.domain.advice import PreAdvice
from karez.domain.errors import MissingPart, StoreAway
from karez.domain.frames import Frame
from karez.domain.ids import ParcelId, PictureId
from karez.domain.reading import Code, NoRead, Reading
from karez.eventstore.pictures import PictureStore
from karez.eventstore.store import EventStore
from karez.hub.process import end_with_parent, yield_to_control
from karez.hub.watched_worker import Lacks, has_grown, limit_memory, silence_libraries
from karez.reading.waybills import WaybillRules
from karez.settings import PicturesSection, ReadingSection

if TYPE_CHECKING:
    from karez.reading.reader import Reader


@dataclass(frozen=True, slots=True)
class Begun:
    """What is left of a picture whose codes are read: text goes on from here."""

    codes: tuple[Code, ...]
    picture: PictureId | None
    outcome: Reading | NoRead


@dataclass(frozen=True, slots=True)
class Job:
    """One picture to read.

    Attributes
    ----------
    arrived_s
        Monotonic clock (the same in all processes of a machine) when it came in; its deadline counts from here.
    begun
        What its codes told, where only its text is still to be read.
    """

    frame: Frame
    parcel: ParcelId
    text: Literal["always", "auto", "never"]
    arrived_s: float
    begun: Begun | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A job as a worker gets it; with ``codes_only`` it leaves text for later."""

    job: Job
    codes_only: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker made of it.

    Attributes
    ----------
    picture
        Name under which the picture was kept.
    wants_text
        Codes do not suffice, and text was left for later.
    last
        The worker holds too much memory and is to be replaced.
    """

    outcome: Reading | NoRead
    picture: PictureId | None
    wants_text: bool
    last: bool


@dataclass(frozen=True, slots=True)
class Workplace:
    """What a worker process is started with."""

    reading: ReadingSection
    pictures: PicturesSection
    pictures_dir: Path
    store_url: str


def work(connection: Connection, workplace: Workplace) -> None:
    """Body of a worker process."""
    # Loaded here: the control process knows jobs and answers only, and must be back within seconds of a kill.
    from karez.reading.reader import Reader

    end_with_parent()
    yield_to_control(least=workplace.reading.yields)
    silence_libraries()
    store = EventStore.open_reading(workplace.store_url)
    pictures = PictureStore(workplace.pictures_dir, workplace.pictures.reserve_mb * 1_000_000)
    reader = Reader(workplace.reading)
    try:
        if workplace.reading.text != "never":
            reader.warm_up()
    except MissingPart as missing:
        connection.send(Lacks(missing.part, missing.advice))
        return
    most_bytes = workplace.reading.memory_mb * 1_000_000
    desk = _Desk(reader, store, pictures, workplace)
    connection.send(None)  # ready
    with contextlib.suppress(EOFError, KeyboardInterrupt):
        while True:
            question: Question = connection.recv()
            limit_memory(most_bytes)
            outcome, picture, wants_text = desk.read(question)
            connection.send(Answer(outcome, picture, wants_text, has_grown(most_bytes)))


class _Desk:
    """One worker's reader, its store of pre-advice and its store of pictures."""

    def __init__(self, reader: "Reader", store: EventStore, pictures: PictureStore, workplace: Workplace) -> None:
        self._reader, self._store, self._pictures, self._workplace = reader, store, pictures, workplace
        self._rules = WaybillRules(workplace.reading.companies, lambda waybill: self._advice(waybill) is not None)

    def _advice(self, waybill: str) -> PreAdvice | None:
        """Pre-advice; none while the store is away: the control loop judges again, and waits for it."""
        try:
            return self._store.advice(waybill)
        except StoreAway:
            return None

    def read(self, question: Question) -> tuple[Reading | NoRead, PictureId | None, bool]:
        """Read one picture: outcome, name of the kept picture, and whether its text was left for later."""
        job, begun = question.job, question.job.begun
        keep = begun is None and self._workplace.pictures.keep_days
        picture = self._pictures.keep(job.frame) if keep else begun.picture if begun else None
        ends_s = job.arrived_s + self._workplace.reading.deadline_ms / 1000
        left = False

        def leave() -> bool:
            nonlocal left
            left = question.codes_only
            return left

        outcome = self._reader.read(
            [job.frame],
            self._rules,
            text=job.text,
            suffices=self._suffices,
            deadline=lambda: monotonic() > ends_s,
            codes=begun.codes if begun else None,
            leave_text=leave,
        )
        return outcome, picture, left

    def _suffices(self, reading: Reading) -> bool:
        """Whether the codes alone tell where it goes: then no text is read."""
        if reading.sort_code is not None:
            return True
        advice = self._advice(reading.waybill.value)
        return advice is not None and (advice.area is not None or advice.county_name is not None)
