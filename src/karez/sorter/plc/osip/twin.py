"""The PLC's side of an OSIP link, simulated: the hall and the tests speak through it."""

import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime

from karez.domain.errors import BadTelegram
from karez.domain.ids import ChuteId, OrderId, ParcelId
from karez.domain.telegrams import Dest, Divert, DivertOutcome, Heartbeat, Induct, Scan, State
from karez.settings import SorterSection
from karez.sorter.plc.osip.dialogue import NO_BARCODE, Dialogue, barcode_of, code_field, name_of
from karez.sorter.plc.osip.driver import terms_of
from karez.sorter.plc.osip.options import OsipOptions
from karez.sorter.plc.osip.station import Station
from karez.sorter.plc.osip.ways import Ways
from karez.sorter.plc.osip.wire import Body, Failure, LocationUpdate, Response, SystemUpdate, Telegram, TimeAnswer
from karez.sorter.plc.protocol import Linked, LinkEvent, PlcTelegram, Role
from karez.sorter.plc.tray import TwinWithTray


async def _always_room(over: Callable[[], bool]) -> None:
    """Take whatever comes: a hall is never behind."""


class OsipTwin(TwinWithTray):
    """A PLC that keeps what it has to say while there is no link, and asks again what was not answered.

    What it said is gone once it left this end: OSIP has no acknowledgement. Only a request is: by its answer.

    Parameters
    ----------
    host, port, role
        Where to listen or call: the twin's own role.
    session
        Name of this run of the PLC; OSIP does not carry it.
    settings
        The hub's, for heartbeat, options, allowed peers and certificates.
    """

    def __init__(
        self,
        host: str,
        port: int,
        role: Role,
        session: str,
        settings: SorterSection,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        options = OsipOptions.model_validate(settings.options)
        self._dialogue, self._wall, self._by = Dialogue(options), wall, options.barcode
        super().__init__()
        self._waiting: deque[PlcTelegram] = deque()
        self._open: dict[ParcelId, bytes] = {}
        self._standing: dict[ParcelId, ChuteId | None] = {}
        self._barcodes: dict[ParcelId, str] = {}
        self._carriers: dict[int, ParcelId] = {}
        self._ordered = 0
        self._station = Station(
            terms_of(options, settings, session, hub=False),
            self._heard,
            self._heard_again,
            self._happened,
            _always_room,
            self._date,
            monotonic,
        )
        self._ways = Ways(self._station, settings, options, False, role, host, port)

    @property
    def port(self) -> int:
        """The port listened on or called."""
        return self._ways.port

    @property
    def linked(self) -> bool:
        """Whether the link stands now."""
        return self._station.linked

    @property
    def all_acknowledged(self) -> bool:
        """Whether everything that was sent has left this end; whether the hub has committed it OSIP cannot tell."""
        return not self._waiting

    async def start(self) -> None:
        """Listen or call. Raises `OSError` where the address cannot be bound."""
        await self._ways.start()

    async def stop(self) -> None:
        """End the link."""
        await self._ways.stop("the PLC stops")

    async def cut(self) -> None:
        """Cut the link on purpose and keep it down until `mend`; what is sent meanwhile waits."""
        await self._ways.stop("cut on purpose")

    async def mend(self) -> None:
        """Let the link come back."""
        await self._ways.start()

    # ---- out -------------------------------------------------------------------------------------------------------

    def send(self, telegram: PlcTelegram | Heartbeat) -> None:
        """Send a telegram, or keep it until the link stands. Heartbeats do not wait.

        Raises
        ------
        ValueError
            Where the wire cannot carry a name: of an item, a chute, an induction.
        """
        if isinstance(telegram, Heartbeat):
            if self.linked:
                self._station.say(TimeAnswer(self._date()))
            return
        self._body(telegram)
        if self.linked:
            self._say(telegram)
        else:
            self._waiting.append(telegram)

    def _say(self, telegram: PlcTelegram) -> None:
        _, raw = self._station.say(self._body(telegram))
        if isinstance(telegram, Scan):
            self._open[telegram.parcel] = raw
            self._standing.pop(telegram.parcel, None)
            self._carriers[telegram.carrier] = telegram.parcel
        elif isinstance(telegram, Induct):
            self._carriers[telegram.carrier] = telegram.parcel
        elif isinstance(telegram, Divert) and telegram.outcome in (DivertOutcome.OK, DivertOutcome.LOST):
            for known in (self._open, self._standing, self._barcodes):
                known.pop(telegram.parcel, None)

    def _body(self, telegram: PlcTelegram) -> Body:
        if isinstance(telegram, State):
            return self._dialogue.changed(telegram)
        barcode = self._barcode(telegram)
        if isinstance(telegram, Induct):
            return self._dialogue.inducted(telegram, barcode)
        if isinstance(telegram, Scan):
            return self._dialogue.asked(telegram, barcode)
        return self._dialogue.diverted(telegram, barcode)

    def _barcode(self, telegram: Induct | Scan | Divert) -> str:
        if self._by == "item":
            return barcode_of(telegram.parcel)
        if isinstance(telegram, Scan):
            self._barcodes[telegram.parcel] = code_field(telegram.codes)
        return self._barcodes.get(telegram.parcel, NO_BARCODE)

    # ---- in --------------------------------------------------------------------------------------------------------

    def _heard(self, telegram: Telegram) -> None:
        body = telegram.body
        if isinstance(body, Response):
            self._told(body)
        elif isinstance(body, LocationUpdate | SystemUpdate):
            self._tray.put(self._dialogue.state(body))
        elif isinstance(body, Failure):
            raise BadTelegram(f"ERR_: the hub could not use a telegram, errorCode {body.error}")
        else:
            raise BadTelegram(f"{type(body).__name__} is not for a PLC")

    def _heard_again(self, telegram: Telegram) -> None:
        self.repeats += isinstance(telegram.body, Response)

    def _told(self, body: Response) -> None:
        """Take an order: the latest of an item holds; one that says what stands already is a repeat."""
        parcel = self._parcel(body)
        target = self._dialogue.target(body)
        self._open.pop(parcel, None)
        if parcel in self._standing and self._standing[parcel] == target:
            self.repeats += 1
            return
        self._standing[parcel] = target
        self._ordered += 1
        self._tray.put(Dest(OrderId(f"osip-{self._ordered}"), parcel, target, (), "osip"))

    def _parcel(self, body: Response) -> ParcelId:
        if self._by == "item":
            return ParcelId(name_of(body.barcode))
        carrier = self._dialogue.places.place(body.actual).carrier
        if carrier is None or carrier not in self._carriers:
            raise BadTelegram(f"actualLocation {body.actual} names no carrier with an item on it")
        return self._carriers[carrier]

    def _happened(self, event: LinkEvent) -> None:
        self.events.append(event)
        if isinstance(event, Linked):
            for raw in list(self._open.values()):
                self._station.repeat(raw)
            while self._waiting:
                self._say(self._waiting.popleft())
        self._tray.ring()

    def _date(self) -> datetime:
        return self._dialogue.date(round(self._wall().timestamp() * 1000))
