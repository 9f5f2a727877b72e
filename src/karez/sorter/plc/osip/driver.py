"""The hub's side of an OSIP link: orders out as RES_, the PLC's telegrams in."""

import logging
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime

from karez.domain.errors import BadTelegram
from karez.domain.telegrams import Dest, Divert, DivertOutcome, Heartbeat, Induct, Scan, State
from karez.settings import SorterSection
from karez.sorter.plc.intake import Intake
from karez.sorter.plc.osip.dialogue import Dialogue, barcode_of
from karez.sorter.plc.osip.held import Held
from karez.sorter.plc.osip.items import Items
from karez.sorter.plc.osip.options import OsipOptions
from karez.sorter.plc.osip.places import Kind
from karez.sorter.plc.osip.station import Station, Terms
from karez.sorter.plc.osip.ways import Ways
from karez.sorter.plc.osip.wire import (
    Failure,
    LocationUpdate,
    Request,
    SystemUpdate,
    Telegram,
    TimeAnswer,
    Update,
    answer_seq,
)
from karez.sorter.plc.protocol import (
    Arrived,
    Capabilities,
    HubTelegram,
    Linked,
    LinkEvent,
    PlcTelegram,
    Received,
    Resume,
)

CAPABILITIES = Capabilities(
    name="osip",
    acknowledges=False,
    replays=False,
    alternatives=0,
    laps=False,
    valid_for=False,
    roles=frozenset({"server", "client"}),
    order_ids=False,
    measures=False,
    codes=0,  # 1 with barcode = "label" or scanned = "target"
    clock_ms=1_000,
    tls=True,
)

log = logging.getLogger("karez.osip")


class OsipPlc:
    """`Plc` over OSIP. All calls belong to the event loop that started it.

    An order answers the item's open request, under that request's number plus one. Without an open request (a late
    answer, or an order that supersedes an earlier one) it goes out as a RES_ under a number of the hub's own; the
    PLC knows the item by its barcode field and takes the latest RES_.

    Parameters
    ----------
    settings
        Role, address, heartbeat, allowed peers, TLS, and the options of `OsipOptions`.
    session
        Name of this run of the hub.
    resume
        Not used: OSIP has no acknowledgement, so a PLC repeats nothing of a session.
    monotonic, wall
        Clocks: seconds for counts and windows, UTC for the dates in telegrams.
    """

    def __init__(
        self,
        settings: SorterSection,
        session: str,
        resume: Resume | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        options = OsipOptions.model_validate(settings.options)
        self._dialogue, self._monotonic, self._wall = Dialogue(options), monotonic, wall
        self._capabilities = replace(CAPABILITIES, codes=int(self._dialogue.carries_codes))
        self._items = Items(options.barcode, options.lap_least_ms)
        self._intake = Intake()
        self._held = Held()
        self._seq = 0
        self._station = Station(
            terms_of(options, settings, session, hub=True),
            self._heard,
            self._heard_again,
            self._happened,
            self._intake.room,
            self._date,
            monotonic,
        )
        self._ways = Ways(self._station, settings, options, True, settings.role, settings.host, settings.port)

    @property
    def capabilities(self) -> Capabilities:
        """What the protocol can carry."""
        return self._capabilities

    @property
    def linked(self) -> bool:
        """Whether the link stands now."""
        return self._station.linked

    @property
    def port(self) -> int:
        """The port listened on (the one taken, where the setting says 0) or called."""
        return self._ways.port

    @property
    def unacknowledged(self) -> int:
        """How many orders wait for a link."""
        return len(self._held)

    async def start(self) -> None:
        """Listen or call. Raises `OSError` where the address cannot be bound."""
        await self._ways.start()

    async def stop(self) -> None:
        """End the link and `received`."""
        await self._ways.stop("the hub stops")
        self._station.stopped()
        self._intake.end()

    def received(self) -> AsyncIterator[Received]:
        """Telegrams and link events, in order; ends after `stop`. One reader only."""
        return self._intake.received()

    # ---- out -------------------------------------------------------------------------------------------------------

    def order(self, telegram: HubTelegram) -> None:
        """Hand a telegram to the socket, or hold the latest of each item or place until the link stands."""
        if isinstance(telegram, Heartbeat):
            if self.linked:
                self._station.say(TimeAnswer(self._date()))
        elif self.linked:
            self._say(telegram)
        else:
            self._held.keep(telegram, self._monotonic())

    def _say(self, telegram: Dest | State) -> None:
        try:
            if isinstance(telegram, Dest):
                self._answer(telegram)
            else:
                self._station.say(self._dialogue.changed(telegram))
        except ValueError as fault:  # a chute whose name the wire cannot carry: it is for the settings to name it
            log.error("OSIP cannot carry an order of the hub: %s", fault)
            self._station.reject(f"an order of the hub was not sent: {fault}")

    def _answer(self, order: Dest) -> None:
        item = self._items.get(order.parcel)
        if item is None:
            body = self._dialogue.ordered(order, barcode_of(order.parcel), None, None, self._date())
            self._station.say(body)
            return
        body = self._dialogue.ordered(order, item.barcode, item.actual, item.error, self._date())
        if item.seq is None:
            self._station.say(body)
            return
        item.answer = self._station.say(body, answer_seq(item.seq))
        item.seq = None

    # ---- in --------------------------------------------------------------------------------------------------------

    def _heard(self, telegram: Telegram) -> None:
        said = self._meaning(telegram)
        if said is None:
            return
        self._seq += 1
        # OSIP has no acknowledgement: what the hub has not committed when it dies is lost, unless the PLC asks again.
        self._intake.put(Arrived(said, self._seq, self._station.session, lambda: None, self._monotonic()))

    def _heard_again(self, telegram: Telegram) -> None:
        """A request that comes again gets the same answer, where it has been given."""
        body = telegram.body
        if not isinstance(body, Request):
            return
        at = self._dialogue.places.place(body.actual)
        item = self._items.seen(body.barcode, body.actual, at, self._dialogue.ts_ms(body.created))
        if item.answer is not None and item.answer[0] == answer_seq(telegram.seq):
            self._station.repeat(item.answer[1])

    def _meaning(self, telegram: Telegram) -> PlcTelegram | None:
        body = telegram.body
        if isinstance(body, Request):
            return self._asked(body, telegram.seq)
        if isinstance(body, Update):
            return self._updated(body)
        if isinstance(body, LocationUpdate | SystemUpdate):
            return self._dialogue.state(body)
        if isinstance(body, Failure):
            raise BadTelegram(f"ERR_: the PLC could not use a telegram of the hub, errorCode {body.error}")
        raise BadTelegram(f"{type(body).__name__} is not for a hub")

    def _asked(self, body: Request, seq: int) -> Scan:
        at, ts_ms = self._dialogue.places.place(body.actual), self._dialogue.ts_ms(body.created)
        item = self._items.asked(body.barcode, body.actual, at, ts_ms, seq, body.error)
        return Scan(item.parcel, item.carrier, item.lap, ts_ms, self._dialogue.read_codes(body))

    def _updated(self, body: Update) -> Induct | Divert | None:
        at, ts_ms = self._dialogue.places.place(body.actual), self._dialogue.ts_ms(body.created)
        if at.kind is Kind.INDUCTION:
            item = self._items.inducted(body.barcode, body.actual, at, ts_ms)
            return Induct(item.parcel, item.carrier, at.name, ts_ms)
        became = self._dialogue.outcome(body, at)
        if became is None:
            return None  # it passed a place of no concern to the hub
        outcome, chute = became
        item = self._items.seen(body.barcode, body.actual, at, ts_ms)
        if outcome in (DivertOutcome.OK, DivertOutcome.LOST):
            self._items.left(item.parcel)
        return Divert(item.parcel, item.carrier, outcome, ts_ms, chute)

    def _happened(self, event: LinkEvent) -> None:
        if isinstance(event, Linked):
            self._seq = 0
        self._intake.put(event)
        if isinstance(event, Linked):
            for telegram in self._held.release(self._monotonic()):
                self._say(telegram)

    def _date(self) -> datetime:
        return self._dialogue.date(round(self._wall().timestamp() * 1000))


def terms_of(options: OsipOptions, settings: SorterSection, session: str, *, hub: bool) -> Terms:
    """Terms of one end of the link."""
    own, other = (options.own, options.plc) if hub else (options.plc, options.own)
    return Terms(
        own,
        other,
        session,
        settings.heartbeat_ms / 1000,
        options.stale_ms / 1000,
        options.repeat_window_ms / 1000,
    )
