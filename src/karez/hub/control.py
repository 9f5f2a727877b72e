"""The control loop: one asyncio loop that alone changes what is known of the sorter and its parcels.

Every input (telegram, reading, picture, command, timer) becomes events; they are committed in one transaction with
whatever they decide, and only then is the telegram acknowledged and the order sent (`Commits`).
"""

import logging
from collections.abc import Callable, Sequence

from karez.domain import events as ev
from karez.domain.advice import PreAdvice
from karez.domain.clock import Clock
from karez.domain.frames import Frame
from karez.domain.ids import ChuteId, OrderId, ParcelId, StreamId
from karez.domain.learned import LearnedAnswer
from karez.domain.personal import PersonalText
from karez.domain.reading import NoRead, NoReadReason, Reading
from karez.domain.sorting import ChuteState, HallState
from karez.domain.telegrams import Divert, Induct, Scan, State, Subject
from karez.eventstore.append import Entry
from karez.eventstore.store import EventStore
from karez.hub import coding, induction
from karez.hub.alarms import AlarmKey, Alarms
from karez.hub.coding import Told
from karez.hub.commits import Commits, Latencies
from karez.hub.doorway import FrameAnswer
from karez.hub.evidence import EvidenceRoom
from karez.hub.induction import House
from karez.hub.ledger import Ledger
from karez.hub.parcel import LiveParcel, first
from karez.hub.readers import Done, ReaderPool
from karez.hub.reading_work import Job
from karez.hub.seen import Shot
from karez.hub.tracking import Tracking
from karez.reading.scanner import judge_scanned
from karez.reading.waybills import WaybillRules
from karez.settings import Settings
from karez.sorter.plc.protocol import Arrived, Linked, Plc, Received, Rejected, Unlinked

log = logging.getLogger("karez.control")
_SCANNER = "scanner"
READING_GRACE_S = 4.0  # behind a picture's deadline: longer than a reader that hangs is given before it is replaced


class Control:
    """State of the running hub and what it does about each input.

    Parameters
    ----------
    house
        Makes what a decision looks at, from the state of the hall.
    new_order
        Gives each order its name.
    clock
        Tells the time and calls back; all of this object runs in its thread.
    """

    def __init__(
        self,
        settings: Settings,
        store: EventStore,
        plc: Plc,
        readers: ReaderPool,
        house: Callable[[HallState], House],
        new_order: Callable[[], OrderId],
        clock: Clock,
    ) -> None:
        self._settings, self._store, self._plc, self._readers, self._clock = settings, store, plc, readers, clock
        self._house_of, self._new_order = house, new_order
        self.rules = WaybillRules(settings.reading.companies, lambda waybill: self._advice(waybill) is not None)
        self.tracking = Tracking()
        self._evidence = EvidenceRoom(self.rules, self.tracking.witnesses)
        self.chutes: dict[ChuteId, ChuteState] = {}
        self.alarms = Alarms()
        self.commits = Commits(store, clock)
        self._ledger = Ledger(self.commits, plc, self.tracking, clock)
        self.reading_ms = Latencies()
        self.linked = False
        self.store_full = False
        self._greeted = False
        self._session: str | None = None
        self._early: dict[ParcelId, list[Frame]] = {}

    @property
    def decision_ms(self) -> Latencies:
        """Times from the last needed input to the order handed to the socket."""
        return self._ledger.decision_ms

    @property
    def queue(self) -> int:
        """Pictures that wait for a reader."""
        return self._readers.waiting

    @property
    def readers_replaced(self) -> int:
        """Workers that died or hung and were replaced."""
        return self._readers.replaced

    # ---- telegrams -------------------------------------------------------------------------------------------------

    async def listen(self) -> None:
        """Take in what the sorter says, until the driver stops."""
        async for received in self._plc.received():
            self.receive(received)

    def receive(self, received: Received) -> None:
        """One thing from the driver."""
        match received:
            case Arrived(telegram=Induct() as telegram):
                self._inducted(telegram, received)
            case Arrived(telegram=Scan() as telegram):
                self._scanned(telegram, received)
            case Arrived(telegram=Divert() as telegram):
                self._diverted(telegram, received)
            case Arrived(telegram=State() as telegram):
                self._state_changed(telegram, received)
            case Linked():
                self._linked(received)
            case Unlinked():
                self._unlinked(received)
            case Rejected():
                self._rejected(received)

    def _inducted(self, telegram: Induct, arrived: Arrived) -> None:
        if telegram.parcel in self.tracking.parcels or self._has_ended(telegram.parcel):
            log.warning("INDUCT repeats parcel %s: nothing new", telegram.parcel)
            self._ledger.commit([], arrived)
            return
        entries = self._make_room(telegram.carrier, telegram.parcel)
        parcel = self._make(telegram)
        entries.append(Entry(ev.parcel_stream(parcel.parcel), [induction.inducted(telegram)], 0))
        self._ledger.commit(entries, arrived)
        for frame in self._early.pop(telegram.parcel, []):
            if self.take_frame(frame) is FrameAnswer.QUEUE_FULL:  # it was accepted: then say what became of it
                self._unmatched(frame, 1)

    def _has_ended(self, parcel: ParcelId) -> bool:
        """Whether a parcel that is not on the sorter was there before; asked behind `tracking.parcels`."""
        return parcel in self.tracking.ended or self._store.parcels.get(parcel) is not None

    def _make(self, telegram: Induct) -> LiveParcel:
        parcel = first(induction.inducted(telegram))
        self.tracking.add(parcel, self._clock.monotonic_s())
        return parcel

    def _make_room(self, carrier: int, newcomer: ParcelId) -> list[Entry]:
        """A carrier that gets a new parcel cannot still hold another: that one is gone from it."""
        other = self.tracking.on_carrier(carrier)
        if other is None or other.parcel == newcomer:
            return []
        gone = ev.ParcelRemoved(other.parcel, f"its carrier {carrier} holds another parcel now")
        return [self._ledger.of_parcel(other, [gone]), *self._ended(other)]

    def _ended(self, parcel: LiveParcel) -> list[Entry]:
        """Where its way has ended, its number is no longer on two live parcels."""
        if not parcel.final:
            return []
        return self._ledger.of_hub(self.alarms.cleared(AlarmKey.WAYBILL_DUPLICATED, parcel.parcel))

    def _scanned(self, telegram: Scan, arrived: Arrived) -> None:
        entries: list[Entry] = []
        parcel = self.tracking.parcels.get(telegram.parcel)
        if parcel is None and self._has_ended(telegram.parcel):
            self._ledger.send_round(arrived, telegram.parcel, self._new_order())
            return
        if parcel is None:  # it appeared from nowhere: a parcel exists from the first telegram that names it
            seen = Induct(telegram.parcel, telegram.carrier, "?", telegram.ts_ms)
            entries += self._make_room(telegram.carrier, telegram.parcel)
            parcel = self._make(seen)
            entries.append(Entry(ev.parcel_stream(parcel.parcel), [induction.inducted(seen)], 0))
        read = self._scanner_read(parcel, telegram)
        entries.append(self._ledger.of_parcel(parcel, [induction.scanned(telegram), *read]))
        entries += self._duplicated(parcel, read)
        decided = self._decide_if_ready(parcel)
        if decided:
            entries.append(self._ledger.of_parcel(parcel, decided))
        # A PLC that asks again on the same lap has lost the answer: it gets the same order, never another one.
        self._ledger.commit(entries, arrived, order=parcel.order if parcel.order_stands else None)
        if parcel.awaits_decision:
            self._await_picture(parcel, self._settings.frames.window_ms / 1000)

    def _scanner_read(self, parcel: LiveParcel, telegram: Scan) -> list[ev.Event]:
        """What the PLC's own scanner read, where that tells something; a picture may still tell more."""
        if not telegram.codes or not parcel.wants_picture:
            return []
        outcome = self._evidence.hear(parcel.parcel, _SCANNER, judge_scanned(telegram.codes, self.rules))
        if isinstance(outcome, NoRead) and outcome.reason is not NoReadReason.CONTRADICTION:
            return []
        advice = self._advice(outcome.waybill.value) if isinstance(outcome, Reading) else None
        shot = Shot(None, _SCANNER)
        return induction.recognised(parcel, outcome, shot, advice, self.tracking.waybills, self._house())

    def _diverted(self, telegram: Divert, arrived: Arrived) -> None:
        parcel = self.tracking.parcels.get(telegram.parcel)
        if parcel is None:
            log.warning("DIVERT names parcel %s, which is not on the sorter: journalled only", telegram.parcel)
            self._ledger.commit([], arrived)
            return
        new = induction.confirmed(parcel, telegram, self._house().plan.exception_chute)
        entries = [self._ledger.of_parcel(parcel, new), *self._ended(parcel)]
        if any(isinstance(event, ev.ParcelMissorted) for event in new):
            why = f"parcel {parcel.parcel} was ordered elsewhere; take it out of chute {telegram.chute}"
            entries += self._ledger.of_hub(self.alarms.raised(AlarmKey.MISSORT, str(telegram.chute), why))
        self._ledger.commit(entries, arrived)

    def _state_changed(self, telegram: State, arrived: Arrived) -> None:
        if telegram.subject is Subject.CHUTE:
            entries = self._chute_changed(telegram)
        else:
            changed = ev.SorterChanged(telegram.subject, telegram.name, telegram.state, telegram.value, telegram.ts_ms)
            entries = self._ledger.of_hub([changed])
            if telegram.subject is Subject.SORTER and telegram.state == "stopped":
                entries += self._ledger.of_hub(
                    self.alarms.raised(AlarmKey.SORTER_STOPPED, telegram.name, "the sorter stands")
                )
            elif telegram.subject is Subject.SORTER:
                entries += self._ledger.of_hub(self.alarms.cleared(AlarmKey.SORTER_STOPPED, telegram.name))
        self._ledger.commit(entries, arrived)

    def _chute_changed(self, telegram: State) -> list[Entry]:
        try:
            state = ChuteState(telegram.state)
        except ValueError:
            log.warning("STATE gives chute %s the unknown state %r: left as it was", telegram.name, telegram.state)
            return []
        chute = ChuteId(telegram.name)
        before, self.chutes[chute] = self.chutes.get(chute, ChuteState.OPEN), state
        changed = ev.ChuteChanged(chute, state, telegram.value, telegram.ts_ms)
        entries = [Entry(StreamId(f"chute-{chute}"), [changed])]
        if state is ChuteState.OPEN:
            # Which of the two was raised depends on the plan of then; what was emptied holds no wrong parcel either.
            over = [AlarmKey.EXCEPTION_CHUTE, AlarmKey.CHUTE_FULL]
            over += [AlarmKey.MISSORT] if before is not ChuteState.OPEN else []
            return entries + self._ledger.of_hub([event for key in over for event in self.alarms.cleared(key, chute)])
        key = AlarmKey.EXCEPTION_CHUTE if chute == self._house().plan.exception_chute else AlarmKey.CHUTE_FULL
        if state is ChuteState.FULL or key is AlarmKey.EXCEPTION_CHUTE:
            return entries + self._ledger.of_hub(self.alarms.raised(key, chute, f"chute {chute} is {state}: empty it"))
        return entries

    def _linked(self, link: Linked) -> None:
        self.linked = True
        connected = ev.SorterConnected(link.peer, link.session, link.resent)
        self._ledger.commit(self._ledger.of_hub([connected, *self.alarms.cleared(AlarmKey.SORTER_LINK, "sorter")]))
        if link.session != self._session:  # one of us has been started: the PLC cannot know whether it may induct
            self._session = link.session
            self._switch_inductions()
        if not self._greeted:
            self._greeted = True
            self._resume()

    def _resume(self) -> None:
        """After a start: send committed orders again under their ids, and take up what was left undecided."""
        for parcel in self.tracking:
            if parcel.order is not None and parcel.order_stands:
                self._ledger.send_again(parcel.order)
            elif parcel.awaits_decision:
                self._await_picture(parcel, 0 if parcel.recognised else self._settings.frames.window_ms / 1000)

    def _unlinked(self, link: Unlinked) -> None:
        self.linked = False
        gone = ev.SorterDisconnected(link.peer, link.reason)
        why = f"no link to the sorter's PLC: {link.reason}"
        self._ledger.commit(self._ledger.of_hub([gone, *self.alarms.raised(AlarmKey.SORTER_LINK, "sorter", why)]))

    def _rejected(self, bad: Rejected) -> None:
        event = ev.TelegramRejected(bad.peer, bad.reason, bad.head_hex, bad.sha256, bad.count)
        why = f"bytes from {bad.peer} are no telegrams: {bad.reason}"
        self._ledger.commit(self._ledger.of_hub([event, *self.alarms.raised(AlarmKey.BAD_TELEGRAMS, bad.peer, why)]))

    # ---- pictures --------------------------------------------------------------------------------------------------

    def take_frame(self, frame: Frame) -> FrameAnswer:
        """A picture came in: give it to its parcel's reader, hold it for an induction still on its way, or refuse."""
        now_s = self._clock.monotonic_s()
        parcel, candidates = self.tracking.owner(frame, now_s, self._settings.frames.window_ms / 1000)
        if parcel is not None:
            return self._read(frame, parcel, now_s)
        named = frame.parcel or frame.trigger
        if named and not self._has_ended(ParcelId(named)):
            return self._hold(frame, ParcelId(named))
        self._unmatched(frame, candidates)
        return FrameAnswer.ACCEPTED

    def _read(self, frame: Frame, parcel: LiveParcel, now_s: float) -> FrameAnswer:
        if not parcel.wants_picture:
            return FrameAnswer.ACCEPTED
        # What one picture did not tell, the next lap's may: then all of its text is read.
        text = self._settings.reading.text if parcel.lap == 0 or self._settings.reading.text == "never" else "always"
        if not self._readers.offer(Job(frame, parcel.parcel, text, now_s)):
            return FrameAnswer.QUEUE_FULL
        self.tracking.in_flight[parcel.parcel] += 1
        return FrameAnswer.ACCEPTED

    def _hold(self, frame: Frame, parcel: ParcelId) -> FrameAnswer:
        if sum(map(len, self._early.values())) >= self._settings.reading.queue:
            return FrameAnswer.QUEUE_FULL
        self._early.setdefault(parcel, []).append(frame)
        self._clock.call_later(self._settings.frames.window_ms / 1000, self._give_up, parcel)
        return FrameAnswer.ACCEPTED

    def _give_up(self, parcel: ParcelId) -> None:
        for frame in self._early.pop(parcel, []):
            self._unmatched(frame, 0)

    def _unmatched(self, frame: Frame, candidates: int) -> None:
        self._ledger.commit(
            self._ledger.of_hub(
                [ev.FrameUnmatched(frame.picture, frame.camera, frame.trigger or frame.parcel, candidates)]
            )
        )

    def read_done(self, done: Done) -> None:
        """A worker answered."""
        started = self._clock.monotonic_s()
        self.reading_ms.add(done.outcome.ms)
        if self.tracking.in_flight[done.job.parcel]:  # 0 where it was not waited for any longer
            self.tracking.in_flight[done.job.parcel] -= 1
        if not self.tracking.in_flight[done.job.parcel]:
            del self.tracking.in_flight[done.job.parcel]
        parcel = self.tracking.parcels.get(done.job.parcel)
        if parcel is None:
            return
        outcome = self._evidence.hear(parcel.parcel, done.job.frame.picture, done.outcome)
        contradicted = isinstance(outcome, NoRead) and outcome.reason is NoReadReason.CONTRADICTION
        if parcel.wants_picture or contradicted:
            self._recognised(parcel, outcome, Shot(done.picture, done.job.frame.camera), started)

    def _await_picture(self, parcel: LiveParcel, for_s: float) -> None:
        """Ask again a little later: without a picture in its window a parcel is a no-read."""
        self._clock.call_later(for_s, self._no_picture, parcel.parcel, parcel.lap)

    def _no_picture(self, name: ParcelId, lap: int) -> None:
        parcel = self.tracking.parcels.get(name)
        if parcel is None or parcel.lap != lap or not parcel.awaits_decision:
            return
        if self.tracking.in_flight[name]:
            longest_s = self._settings.reading.deadline_ms / 1000 + READING_GRACE_S
            self._clock.call_later(longest_s, self._not_read_in_time, name, lap)
        elif parcel.recognised:
            self._commit_decision(parcel, [], self._clock.monotonic_s())
        else:
            none = NoRead(NoReadReason.NO_PICTURE, "no picture came for it in its window")
            self._recognised(parcel, none, Shot(None, ""), self._clock.monotonic_s())

    def _not_read_in_time(self, name: ParcelId, lap: int) -> None:
        """A picture that no reader answers for (none starts, say) must not keep its parcel on the sorter for ever."""
        parcel = self.tracking.parcels.get(name)
        if parcel is None or parcel.lap != lap or not parcel.awaits_decision:
            return
        self.tracking.in_flight.pop(name, None)
        none = NoRead(NoReadReason.TIMEOUT, "no reader answered for its picture in time")
        self._recognised(parcel, none, Shot(None, ""), self._clock.monotonic_s())

    def _duplicated(self, parcel: LiveParcel, found: Sequence[ev.Event]) -> list[Entry]:
        if not any(isinstance(event, ev.WaybillDuplicated) for event in found):
            return []
        why = "one waybill number is on two live parcels: look at both"
        return self._ledger.of_hub(self.alarms.raised(AlarmKey.WAYBILL_DUPLICATED, parcel.parcel, why))

    def _recognised(self, parcel: LiveParcel, outcome: Reading | NoRead, shot: Shot, started: float) -> None:
        advice = self._advice(outcome.waybill.value) if isinstance(outcome, Reading) else None
        found = induction.recognised(parcel, outcome, shot, advice, self.tracking.waybills, self._house())
        entries = [self._ledger.of_parcel(parcel, found), *self._duplicated(parcel, found)]
        if isinstance(outcome, NoRead) and outcome.reason is NoReadReason.READER_FAILED:
            entries += self._ledger.of_hub(self.alarms.raised(AlarmKey.READER_FAILED, "readers", outcome.explanation))
        if not self.tracking.in_flight[parcel.parcel]:
            entries.append(self._ledger.of_parcel(parcel, coding.asked(parcel, outcome, shot.picture, self._house())))
        texts = [PersonalText(parcel.parcel, outcome.address.value)] if outcome.address else []
        self._commit_decision(parcel, entries, started, texts)

    # ---- coding ----------------------------------------------------------------------------------------------------

    def coded(self, parcel: LiveParcel, told: Told, lesson: Sequence[LearnedAnswer]) -> Sequence[ev.Event]:
        """A person answered about a parcel that waits; what she taught is remembered with it."""
        number = told.number.waybill.value if told.number else parcel.waybill
        advice = self._advice(number) if number else None
        found = coding.answered(parcel, told, advice, self.tracking.waybills, self._house())
        entries = [self._ledger.of_parcel(parcel, found), *self._duplicated(parcel, found)]
        self._commit_decision(parcel, entries, self._clock.monotonic_s(), lesson=lesson)
        return found

    def _is_held(self, parcel: LiveParcel) -> bool:
        """Whether its order waits a little for a person's answer, which would then serve this lap."""
        hold_s = self._settings.coding.hold_ms / 1000
        if not hold_s or not parcel.awaits_person:
            return False
        lap, over = self.tracking.held.get(parcel.parcel, (0, False))
        if lap == parcel.lap:
            return not over
        self.tracking.held[parcel.parcel] = (parcel.lap, False)
        self._clock.call_later(hold_s, self._hold_over, parcel.parcel, parcel.lap)
        return True

    def _hold_over(self, name: ParcelId, lap: int) -> None:
        parcel = self.tracking.parcels.get(name)
        if parcel is not None and self.tracking.held.get(name) == (lap, False):
            self.tracking.held[name] = (lap, True)
            self._commit_decision(parcel, [], self._clock.monotonic_s())

    # ---- decisions -------------------------------------------------------------------------------------------------

    def _decide_if_ready(self, parcel: LiveParcel) -> list[ev.Event]:
        """Decision and order, once the scan has asked and no picture can change it any more."""
        still_reading = parcel.wants_picture and (self.tracking.in_flight[parcel.parcel] or not parcel.recognised)
        if not parcel.awaits_decision or still_reading or self._is_held(parcel):
            return []
        advice = self._advice(parcel.waybill) if parcel.waybill else None
        return induction.decided(parcel, advice, self._house(), self._new_order())

    def _commit_decision(
        self,
        parcel: LiveParcel,
        entries: list[Entry],
        since_s: float,
        texts: Sequence[PersonalText] = (),
        lesson: Sequence[LearnedAnswer] = (),
    ) -> None:
        """Reading, decision and order are one transaction."""
        decided = self._decide_if_ready(parcel)
        entries.append(self._ledger.of_parcel(parcel, decided))
        order = parcel.order if decided else None
        self._ledger.commit(entries, order=order, texts=texts, since_s=since_s, learned=lesson)

    def _house(self) -> House:
        return self._house_of(HallState(self.chutes))

    def _advice(self, waybill: str) -> PreAdvice | None:
        return self._store.advice(waybill)

    # ---- the disk --------------------------------------------------------------------------------------------------

    def store_is_full(self, full: bool) -> None:
        """No space for events: hold the inductions (nothing leaves uncommitted anyway); go on when there is some."""
        self.store_full = full
        why = "the disk of the event store is full: make space; sorting waits and resumes by itself"
        change = (
            self.alarms.raised(AlarmKey.STORE_FULL, "store", why)
            if full
            else self.alarms.cleared(AlarmKey.STORE_FULL, "store")
        )
        self._ledger.commit(self._ledger.of_hub(change))
        self._switch_inductions()

    def _switch_inductions(self) -> None:
        self._plc.order(State(Subject.INDUCTION, "*", "off" if self.store_full else "on", 0))
