"""Pictures of live parcels: given to a reader, held for an induction still on its way, or not matched."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from karez.domain import events as ev
from karez.domain.clock import Clock
from karez.domain.errors import StoreAway
from karez.domain.frames import Frame
from karez.domain.ids import ParcelId
from karez.domain.reading import NoRead, NoReadReason, Reading
from karez.eventstore.append import Journalled
from karez.hub.doorway import FrameAnswer
from karez.hub.journal import Own, own
from karez.hub.ledger import Ledger
from karez.hub.parcel import LiveParcel
from karez.hub.patience import Patience
from karez.hub.reading_work import Job
from karez.hub.seen import Shot
from karez.hub.tracking import Tracking
from karez.settings import Settings

READING_GRACE_S = 4.0  # behind a picture's deadline: longer than a reader that hangs is given before it is replaced


class Readers(Protocol):
    """Who reads pictures; the control loop is called back with what each told."""

    replaced: int
    """Workers that died or hung and were replaced."""

    @property
    def waiting(self) -> int:
        """Pictures in the queue."""
        ...

    def offer(self, job: Job) -> bool:
        """Take a picture; ``False`` where the queue is full."""
        ...


class FrameDesk:
    """Beside the control loop, whose memory it changes in its thread only.

    Parameters
    ----------
    has_ended
        Whether a parcel that is not on the sorter was there before.
    take_in
        Takes in that no picture of a live parcel told anything in time; with the monotonic time from which its
        decision is measured, and its line of the journal.
    decide
        Decides on a parcel that needs no picture any more.
    """

    def __init__(
        self,
        settings: Settings,
        tracking: Tracking,
        ledger: Ledger,
        readers: Readers,
        clock: Clock,
        patience: Patience,
        has_ended: Callable[[ParcelId], bool],
        take_in: Callable[[LiveParcel, Reading | NoRead, Shot, float, Journalled], None],
        decide: Callable[[LiveParcel, Journalled], None],
    ) -> None:
        self._settings, self._tracking, self._ledger, self._readers = settings, tracking, ledger, readers
        self._clock, self._patience = clock, patience
        self._has_ended, self._take_in, self._decide = has_ended, take_in, decide
        self._early: dict[ParcelId, list[Frame]] = {}

    @property
    def _window_s(self) -> float:
        return self._settings.frames.window_ms / 1000

    def take(self, frame: Frame) -> FrameAnswer:
        """A picture came in."""
        now_s = self._clock.monotonic_s()
        parcel, candidates = self._tracking.owner(frame, now_s, self._window_s)
        if parcel is not None:
            return self._read(frame, parcel, now_s)
        named = frame.parcel or frame.trigger
        try:
            if named and not self._has_ended(ParcelId(named)):
                return self._hold(frame, ParcelId(named))
        except StoreAway:
            return FrameAnswer.QUEUE_FULL  # the camera tries again
        self._unmatched(frame, candidates)
        return FrameAnswer.ACCEPTED

    def inducted(self, parcel: ParcelId) -> None:
        """A parcel is known now: its pictures may have been quicker than its telegram."""
        for frame in self._early.pop(parcel, []):
            if self.take(frame) is FrameAnswer.QUEUE_FULL:  # it was accepted: then say what became of it
                self._unmatched(frame, 1)

    def _read(self, frame: Frame, parcel: LiveParcel, now_s: float) -> FrameAnswer:
        if not parcel.wants_picture:
            return FrameAnswer.ACCEPTED
        # What one picture did not tell, the next lap's may: then all of its text is read.
        text = self._settings.reading.text if parcel.lap == 0 or self._settings.reading.text == "never" else "always"
        if not self._readers.offer(Job(frame, parcel.parcel, text, now_s)):
            return FrameAnswer.QUEUE_FULL
        self._tracking.in_flight[parcel.parcel] += 1
        self._ledger.commit([], lines=[own(Own.FRAME, parcel=parcel.parcel)])
        return FrameAnswer.ACCEPTED

    def _hold(self, frame: Frame, parcel: ParcelId) -> FrameAnswer:
        if sum(map(len, self._early.values())) >= self._settings.reading.queue:
            return FrameAnswer.QUEUE_FULL
        self._early.setdefault(parcel, []).append(frame)
        self._clock.call_later(self._window_s, self._give_up, parcel)
        return FrameAnswer.ACCEPTED

    def _give_up(self, parcel: ParcelId) -> None:
        if len(self._patience):  # its induction may be among what waits for the store
            self._clock.call_later(self._window_s, self._give_up, parcel)
            return
        for frame in self._early.pop(parcel, []):
            self._unmatched(frame, 0)

    def _unmatched(self, frame: Frame, candidates: int) -> None:
        unmatched = ev.FrameUnmatched(frame.picture, frame.camera, frame.trigger or frame.parcel, candidates)
        self._ledger.commit(self._ledger.of_hub([unmatched]))

    # ---- a parcel that was scanned, and is not read yet --------------------------------------------------------------

    def await_one(self, parcel: LiveParcel, at_once: bool = False) -> None:
        """Ask again a little later: without a picture in its window a parcel is a no-read."""
        self._later(0 if at_once else self._window_s, self._none_came, parcel.parcel, parcel.lap)

    def _later(self, delay_s: float, action: Callable[[ParcelId, int], None], name: ParcelId, lap: int) -> None:
        self._clock.call_later(delay_s, self._patience.do, partial(action, name, lap))

    def _none_came(self, name: ParcelId, lap: int) -> None:
        parcel = self._waiting(name, lap)
        if parcel is None:
            return
        if self._tracking.in_flight[name]:
            longest_s = self._settings.reading.deadline_ms / 1000 + READING_GRACE_S
            self._later(longest_s, self._not_read_in_time, name, lap)
        elif parcel.recognised:
            self._decide(parcel, own(Own.WAITED, parcel=name))
        else:
            self._tell_none(parcel, NoReadReason.NO_PICTURE, "no picture came for it in its window")

    def _not_read_in_time(self, name: ParcelId, lap: int) -> None:
        """A picture that no reader answers for (none starts, say) must not keep its parcel on the sorter for ever."""
        parcel = self._waiting(name, lap)
        if parcel is not None:
            self._tracking.in_flight.pop(name, None)
            self._tell_none(parcel, NoReadReason.TIMEOUT, "no reader answered for its picture in time")

    def _waiting(self, name: ParcelId, lap: int) -> LiveParcel | None:
        parcel = self._tracking.parcels.get(name)
        return parcel if parcel is not None and parcel.lap == lap and parcel.awaits_decision else None

    def _tell_none(self, parcel: LiveParcel, reason: NoReadReason, why: str) -> None:
        forgotten = reason is NoReadReason.TIMEOUT
        line = own(Own.READ, parcel=parcel.parcel, picture=False, forgotten=forgotten)
        self._take_in(parcel, NoRead(reason, why), Shot(None, ""), self._clock.monotonic_s(), line)
