"""The control loop: the only place that changes what is known of the sorter and its parcels.

Every input (telegram, reading, picture, command, timer) becomes events; they are committed in one transaction with
whatever they decide, and only then is the telegram acknowledged and the order sent (`Commits`).
"""

import logging
from collections.abc import Callable, Sequence
from functools import partial

from karez.domain import events as ev
from karez.domain.clock import Clock
from karez.domain.frames import Frame
from karez.domain.ids import ChuteId, OrderId, ParcelId, StreamId
from karez.domain.learned import LearnedAnswer
from karez.domain.personal import PersonalText
from karez.domain.reading import NoRead, NoReadReason, Reading
from karez.domain.sorting import ChuteState, HallState
from karez.domain.telegrams import Divert, Induct, Scan, State, Subject
from karez.eventstore.append import Entry, Journalled
from karez.eventstore.protocol import Store
from karez.hub import anomalies, coding, induction
from karez.hub.advice_memory import AdviceMemory
from karez.hub.alarms import AlarmKey, Alarms
from karez.hub.assignment import House
from karez.hub.coding import Told
from karez.hub.commits import Commits
from karez.hub.decisions import Decisions
from karez.hub.doorway import FrameAnswer
from karez.hub.frame_desk import FrameDesk, Readers
from karez.hub.inductions import Inductions
from karez.hub.journal import Own, own
from karez.hub.ledger import Ledger, Ordering
from karez.hub.overdue import Overdue
from karez.hub.parcel import LiveParcel, first
from karez.hub.patience import Patience
from karez.hub.readers import Done
from karez.hub.recognition import Recognition
from karez.hub.seen import Shot
from karez.hub.tracking import Tracking
from karez.reading.waybills import WaybillRules
from karez.settings import Settings
from karez.sorter.plc.protocol import Arrived, Linked, Plc, Received, Rejected, Unlinked

log = logging.getLogger("karez.control")
_MOST_CHUTES = 4_096  # far more than any sorter has; a PLC that makes names up must not fill the memory


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
        store: Store,
        plc: Ordering,
        readers: Readers,
        house: Callable[[HallState], House],
        new_order: Callable[[], OrderId],
        clock: Clock,
    ) -> None:
        self._store, self._readers, self._clock = store, readers, clock
        self._new_order = new_order
        self.tracking = Tracking()
        self.recognition = Recognition(settings.reading, store, self.tracking)
        self.alarms = Alarms(clock.monotonic_s)
        self.commits = Commits(store, clock)
        self._ledger = Ledger(self.commits, plc, self.tracking, clock)
        self.decisions = Decisions(
            settings, self.tracking, self._ledger, house, new_order, self.recognition.advice.of, clock
        )
        self._patience = Patience(clock)
        self._frames = FrameDesk(
            settings,
            self.tracking,
            self._ledger,
            readers,
            clock,
            self._patience,
            self._has_ended,
            self._recognised,
            lambda parcel, line: self.decisions.commit(parcel, lines=[line]),
        )
        self._overdue = Overdue(self.tracking, self._ledger, self.alarms, clock)
        self.inductions = Inductions(settings.sorter, plc.order, clock)
        self.linked = self.stopping = False
        self._greeted = False
        self._session: str | None = None

    @property
    def chutes(self) -> dict[ChuteId, ChuteState]:
        """As the PLC last told them."""
        return self.decisions.chutes

    @property
    def rules(self) -> WaybillRules:
        """Which numbers are waybill numbers."""
        return self.recognition.rules

    @property
    def advice(self) -> AdviceMemory:
        """Pre-advice at hand."""
        return self.recognition.advice

    @property
    def queue(self) -> int:
        """Pictures that wait for a reader."""
        return self._readers.waiting

    @property
    def readers_replaced(self) -> int:
        """Workers that died or hung and were replaced."""
        return self._readers.replaced

    # ---- telegrams -------------------------------------------------------------------------------------------------

    async def listen(self, plc: Plc) -> None:
        """Take in what the sorter says, until the driver stops."""
        async for received in plc.received():
            self.receive(received)
            await self._patience.room()  # the driver holds the PLC back in its turn

    def receive(self, received: Received) -> None:
        """One thing from the driver; while the store cannot be reached it waits for it."""
        self._patience.do(partial(self._take, received))

    def _take(self, received: Received) -> None:
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
        known = self.tracking.parcels.get(telegram.parcel)
        if known is not None or self._has_ended(telegram.parcel):
            extra = {"parcel": telegram.parcel}
            log.warning("INDUCT names parcel %s once more: nothing new", telegram.parcel, extra=extra)
            told = [] if known is None else [self._ledger.of_parcel(known, anomalies.doubled(known, telegram))]
            self._ledger.commit(told, arrived)
            return
        entries = self._make_room(telegram.carrier, telegram.parcel)
        parcel = self._make(telegram, arrived.at_s)
        entries.append(Entry(ev.parcel_stream(parcel.parcel), [induction.inducted(telegram)], 0))
        self._ledger.commit([*entries, *self._occupied()], arrived)
        self._frames.inducted(telegram.parcel)

    def _has_ended(self, parcel: ParcelId) -> bool:
        """Whether a parcel that is not on the sorter was there before; asked behind `tracking.parcels`."""
        return parcel in self.tracking.ended or self._store.parcels.holds(parcel)

    def _make(self, telegram: Induct, at_s: float) -> LiveParcel:
        parcel = first(induction.inducted(telegram))
        self.tracking.add(parcel, at_s)  # when it came, not when the store was back
        return parcel

    def _make_room(self, carrier: int, newcomer: ParcelId) -> list[Entry]:
        """A carrier that gets a new parcel cannot still hold another: that one is gone from it."""
        other = self.tracking.on_carrier(carrier)
        if other is None or other.parcel == newcomer:
            return []
        gone = ev.ParcelRemoved(other.parcel, f"its carrier {carrier} holds another parcel now")
        return [self._ledger.of_parcel(other, [gone]), *self._ended(other)]

    def _ended(self, parcel: LiveParcel) -> list[Entry]:
        """Where its way has ended, its number is no longer on two live parcels, nor is it missed."""
        if not parcel.final:
            return []
        self.decisions.pace.over(parcel.parcel)
        over = self.alarms.cleared(AlarmKey.WAYBILL_DUPLICATED, parcel.parcel)
        return [*self._ledger.of_hub(over), *self._overdue.heard(parcel.parcel), *self._occupied()]

    def _occupied(self) -> list[Entry]:
        """Hold the inductions before the loop clogs, and release them."""
        occupied = len(self.tracking) + len(self.tracking.strays)
        if not self.inductions.look(occupied):
            return []
        if not self.inductions.clogged:
            return self._ledger.of_hub(self.alarms.cleared(AlarmKey.LOOP_CLOGGED, "loop"))
        why = f"{occupied} parcels are on the loop: the inductions are held"
        return self._ledger.of_hub(self.alarms.raised(AlarmKey.LOOP_CLOGGED, "loop", why))

    def _scanned(self, telegram: Scan, arrived: Arrived) -> None:
        entries: list[Entry] = []
        parcel = self.tracking.parcels.get(telegram.parcel)
        if parcel is None and self._has_ended(telegram.parcel):
            self._still_rides(telegram, arrived)
            return
        # All that the store is asked for, before anything changes: where it is away, this begins anew.
        told = self.recognition.by_scanner(parcel, telegram)
        self.recognition.look_up(parcel, told, self.decisions.house)
        if parcel is None:  # a parcel exists from the first telegram that names it
            entries += self._make_room(telegram.carrier, telegram.parcel)
            parcel, found = self._appeared(telegram, arrived.at_s)
            entries.append(found)
            self._frames.inducted(telegram.parcel)
        else:
            entries.append(self._ledger.of_parcel(parcel, anomalies.elsewhere(parcel, telegram, self.tracking)))
            entries += self._overdue.heard(parcel.parcel)
        self.tracking.scanned(parcel, telegram.carrier, arrived.at_s)
        read = self.recognition.scanned(parcel, told, self.decisions.house)
        entries.append(self._ledger.of_parcel(parcel, [induction.scanned(telegram), *read]))
        entries += self._duplicated(parcel, read)
        # A PLC that asks again on the same lap has lost the answer: it gets the same order, or a better one.
        decided = self.decisions.if_ready(parcel)
        entries.append(self._ledger.of_parcel(parcel, decided.events))
        order = parcel.order if parcel.order_stands else None
        self._ledger.commit(entries, arrived, order=order, lines=decided.lines)
        if parcel.awaits_decision:
            self._frames.await_one(parcel)

    def _still_rides(self, telegram: Scan, arrived: Arrived) -> None:
        """Its way has ended: it goes round until a person has looked, and is never sorted twice."""
        again = ev.ParcelReappeared(telegram.parcel, telegram.carrier, telegram.lap)
        why = f"parcel {telegram.parcel} is on carrier {telegram.carrier}, though its way had ended"
        raised = self.alarms.raised(AlarmKey.PARCEL_REAPPEARED, "sorter", why)
        self.tracking.strays[telegram.carrier] = arrived.at_s
        told = [Entry(ev.parcel_stream(telegram.parcel), [again]), *self._ledger.of_hub(raised), *self._occupied()]
        self._ledger.send_round(arrived, telegram.parcel, self._new_order(), told)

    def _appeared(self, telegram: Scan, at_s: float) -> tuple[LiveParcel, Entry]:
        seen = Induct(telegram.parcel, telegram.carrier, "?", telegram.ts_ms)
        parcel = self._make(seen, at_s)
        appeared = ev.ParcelAppeared(parcel.parcel, telegram.carrier, telegram.lap)
        parcel.apply(appeared)
        return parcel, Entry(ev.parcel_stream(parcel.parcel), [induction.inducted(seen), appeared], 0)

    def _diverted(self, telegram: Divert, arrived: Arrived) -> None:
        parcel = self.tracking.parcels.get(telegram.parcel)
        if parcel is None:
            why, extra = "DIVERT names parcel %s, not on the sorter: journalled only", {"parcel": telegram.parcel}
            log.warning(why, telegram.parcel, extra=extra)
            self._ledger.commit([], arrived)
            return
        self.tracking.heard_s[parcel.parcel] = arrived.at_s
        since_ms = self.decisions.since_scan_ms(parcel.parcel, arrived.at_s)
        odd = anomalies.off_window(parcel, telegram, self.decisions.windows_of(parcel), since_ms)
        new = induction.confirmed(parcel, telegram, self.decisions.house.plan.exception_chute)
        entries = [self._ledger.of_parcel(parcel, [*odd, *new]), *self._overdue.heard(parcel.parcel)]
        entries += self._ended(parcel)
        if any(isinstance(event, ev.ParcelMissorted) for event in new):
            why = f"parcel {parcel.parcel} was not ordered there; take it out of chute {telegram.chute}"
            entries += self._ledger.of_hub(self.alarms.raised(AlarmKey.MISSORT, str(telegram.chute), why))
        self._ledger.commit(entries, arrived)

    def _state_changed(self, telegram: State, arrived: Arrived) -> None:
        before = self.chutes.get(ChuteId(telegram.name), ChuteState.OPEN)
        if telegram.subject is Subject.CHUTE:
            self.decisions.look_up_waiting()
            entries = self._chute_changed(telegram)
        else:
            changed = ev.SorterChanged(telegram.subject, telegram.name, telegram.state, telegram.value, telegram.ts_ms)
            entries = self._ledger.of_hub([changed])
            if telegram.subject is Subject.SORTER and telegram.state == "stopped":
                entries += self._ledger.of_hub(
                    self.alarms.raised(AlarmKey.SORTER_STOPPED, telegram.name, "the sorter stands")
                )
            elif telegram.subject is Subject.SORTER:
                self._overdue.listen_anew()
                entries += self._ledger.of_hub(self.alarms.cleared(AlarmKey.SORTER_STOPPED, telegram.name))
        self._ledger.commit(entries, arrived)
        now = self.chutes.get(ChuteId(telegram.name))
        if telegram.subject is Subject.CHUTE and now is ChuteState.OPEN is not before:
            self.decisions.chute_opened()  # not for each of all chutes that a PLC tells of when it links

    def _chute_changed(self, telegram: State) -> list[Entry]:
        try:
            state = ChuteState(telegram.state)
        except ValueError:
            log.warning("STATE gives chute %s the unknown state %r: left as it was", telegram.name, telegram.state)
            return []
        chute = ChuteId(telegram.name)
        known = chute in self.chutes or chute in self.decisions.house.plan.chutes
        if not known and len(self.chutes) >= _MOST_CHUTES:
            log.warning("STATE names chute %s, one more than any sorter has: not followed", chute)
            return []
        before, self.chutes[chute] = self.chutes.get(chute, ChuteState.OPEN), state
        changed = ev.ChuteChanged(chute, state, telegram.value, telegram.ts_ms)
        entries = [Entry(StreamId(f"chute-{chute}"), [changed])]
        if state is ChuteState.OPEN:
            # Which of the two was raised depends on the plan of then; what was emptied holds no wrong parcel either.
            over = [AlarmKey.EXCEPTION_CHUTE, AlarmKey.CHUTE_FULL]
            over += [AlarmKey.MISSORT] if before is not ChuteState.OPEN else []
            return entries + self._ledger.of_hub([event for key in over for event in self.alarms.cleared(key, chute)])
        exception = self.decisions.house.plan.exception_chute
        key = AlarmKey.EXCEPTION_CHUTE if chute == exception else AlarmKey.CHUTE_FULL
        if state is ChuteState.FULL or key is AlarmKey.EXCEPTION_CHUTE:
            return entries + self._ledger.of_hub(self.alarms.raised(key, chute, f"chute {chute} is {state}: empty it"))
        return entries

    def _linked(self, link: Linked) -> None:
        self.linked = True
        self._overdue.listen_anew()
        connected = ev.SorterConnected(link.peer, link.session, link.resent)
        entries = self._ledger.of_hub([connected, *self.alarms.cleared(AlarmKey.SORTER_LINK, "sorter")])
        line = own(Own.LINK, peer=link.peer, session=link.session, resent=link.resent)
        self._ledger.commit([*entries, *self._occupied()], lines=[line])  # a start may find the loop full
        if link.session != self._session:  # one of us has been started: the PLC cannot know whether it may induct
            self._session = link.session
            self.inductions.say()
        if not self._greeted:
            self._greeted = True
            self._resume()

    def _resume(self) -> None:
        """After a start: send committed orders again under their ids, and take up what was left undecided."""
        for parcel in self.tracking:
            if parcel.order is not None and parcel.order_stands:
                self._ledger.send_again(parcel.order)
            elif parcel.awaits_decision:
                self._frames.await_one(parcel, at_once=parcel.recognised)

    def _unlinked(self, link: Unlinked) -> None:
        self.linked = False
        gone = ev.SorterDisconnected(link.peer, link.reason)
        why = f"no link to the sorter's PLC: {link.reason}"
        alarm = [] if self.stopping else self.alarms.raised(AlarmKey.SORTER_LINK, "sorter", why)
        entries = self._ledger.of_hub([gone, *alarm])
        self._ledger.commit(entries, lines=[own(Own.UNLINK, peer=link.peer, reason=link.reason)])

    def _rejected(self, bad: Rejected) -> None:
        event = ev.TelegramRejected(bad.peer, bad.reason, bad.head_hex, bad.sha256, bad.count)
        why = f"what {bad.peer} sent was refused: {bad.reason}"
        self._ledger.commit(self._ledger.of_hub([event, *self.alarms.raised(AlarmKey.BAD_TELEGRAMS, bad.peer, why)]))

    # ---- pictures --------------------------------------------------------------------------------------------------

    def take_frame(self, frame: Frame) -> FrameAnswer:
        """A picture came in: give it to its parcel's reader, hold it for an induction still on its way, or refuse."""
        return self._frames.take(frame)

    def read_done(self, done: Done) -> None:
        """A worker answered."""
        self._patience.do(partial(self._read_done, done, self._clock.monotonic_s()))

    def _read_done(self, done: Done, started: float) -> None:
        parcel = self.tracking.parcels.get(done.job.parcel)
        outcome = None if parcel is None else self.recognition.by_picture(parcel, done)
        self.recognition.look_up(parcel, outcome, self.decisions.house)  # the last question: now things change
        self.commits.stages.read(done.outcome.ms, started - done.job.arrived_s)
        self.tracking.is_read(done.job.parcel)
        line = own(Own.READ, parcel=done.job.parcel, picture=True, forgotten=False)
        if parcel is None or outcome is None:
            self._ledger.commit([], lines=[line])
        else:
            if parcel.pictured_for_lap > 1:
                self.decisions.rereading.pictured_again(isinstance(outcome, Reading))
            self._recognised(parcel, outcome, Shot(done.picture, done.job.frame.camera), started, line)

    def _duplicated(self, parcel: LiveParcel, found: Sequence[ev.Event]) -> list[Entry]:
        if not any(isinstance(event, ev.WaybillDuplicated) for event in found):
            return []
        why = "one waybill number is on two live parcels: look at both"
        return self._ledger.of_hub(self.alarms.raised(AlarmKey.WAYBILL_DUPLICATED, parcel.parcel, why))

    def _recognised(
        self, parcel: LiveParcel, outcome: Reading | NoRead, shot: Shot, started: float, line: Journalled
    ) -> None:
        self.recognition.look_up(parcel, outcome, self.decisions.house)
        found = self.recognition.events(parcel, outcome, shot, self.decisions.house)
        entries = [self._ledger.of_parcel(parcel, found), *self._duplicated(parcel, found)]
        if isinstance(outcome, NoRead) and outcome.reason is NoReadReason.READER_FAILED:
            entries += self._ledger.of_hub(self.alarms.raised(AlarmKey.READER_FAILED, "readers", outcome.explanation))
        if not self.tracking.in_flight[parcel.parcel]:
            entries += self._asked(parcel, outcome, shot)
        texts = [PersonalText(parcel.parcel, outcome.address.value)] if outcome.address else []
        self.decisions.commit(parcel, entries, started, texts, lines=[line])

    def recorded(self, parcel: LiveParcel, found: Sequence[ev.Event]) -> None:
        """Take in what an earlier run of the hub had recognised, or a person had told it: a replay."""
        entries = [self._ledger.of_parcel(parcel, found), *self._duplicated(parcel, found)]
        self.decisions.commit(parcel, entries)

    # ---- coding ----------------------------------------------------------------------------------------------------

    def _asked(self, parcel: LiveParcel, outcome: Reading | NoRead, shot: Shot) -> list[Entry]:
        asked = coding.asked(parcel, outcome, shot.picture, self.decisions.house)
        if asked:
            self.decisions.pace.asked(parcel.parcel)
        return [self._ledger.of_parcel(parcel, asked)]

    def coded(self, parcel: LiveParcel, told: Told, lesson: Sequence[LearnedAnswer]) -> Sequence[ev.Event]:
        """A person answered about a parcel that waits; what she taught is remembered with it."""
        started = self._clock.monotonic_s()
        number = told.number.waybill.value if told.number else parcel.waybill
        advice = self.advice.of(number) if number else None
        self.decisions.pace.answered(parcel.parcel, told.answer.operator)
        since_ms = self.decisions.since_scan_ms(parcel.parcel)
        house = self.decisions.house_in_time(parcel)
        found = coding.answered(parcel, told, advice, self.tracking.waybills, house, since_ms)
        entries = [self._ledger.of_parcel(parcel, found), *self._duplicated(parcel, found)]
        line = own(Own.CODE, parcel=parcel.parcel)
        self.decisions.commit(parcel, entries, started, lesson=lesson, lines=[line])
        return found

    # ---- hands and time ----------------------------------------------------------------------------------------------

    def taken_off(self, parcel: LiveParcel, by: str) -> None:
        """A person took it from the sorter."""
        entries = [self._ledger.of_parcel(parcel, [ev.ParcelTakenOff(parcel.parcel, by)]), *self._ended(parcel)]
        self._ledger.commit(entries, lines=[own(Own.TAKEN_OFF, parcel=parcel.parcel, by=by)])

    def miss(self, overdue_ms: int) -> None:
        """Name the parcels of which nothing was heard for so long, unless nothing can be heard of any."""
        if self.linked and not len(self._patience) and not self.alarms.any_up(AlarmKey.SORTER_STOPPED):
            self._overdue.look(overdue_ms)

    def forget_strays(self, silent_ms: int) -> None:
        """What rode after its end and was not scanned for so long is off the loop."""
        self.tracking.forget_strays(self._clock.monotonic_s() - silent_ms / 1000)
        self._ledger.commit(self._occupied())

    def store_is_full(self, full: bool) -> None:
        """No space for events: hold the inductions (nothing leaves uncommitted anyway); go on when there is some."""
        why = "the disk of the event store is full: make space; sorting waits and resumes by itself"
        self._store_alarm(AlarmKey.STORE_FULL, full, why)
        self.inductions.store_is_full(full)

    def store_is_away(self, away: bool) -> None:
        """The database server cannot be reached: the same, for another reason."""
        why = "the event store's database server cannot be reached: sorting waits and resumes by itself"
        self._store_alarm(AlarmKey.STORE_AWAY, away, why)
        self.inductions.store_is_away(away)

    def _store_alarm(self, key: AlarmKey, up: bool, why: str) -> None:
        change = self.alarms.raised(key, "store", why) if up else self.alarms.cleared(key, "store")
        self._ledger.commit(self._ledger.of_hub(change))
