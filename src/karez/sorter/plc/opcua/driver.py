"""The hub's side of OPC UA: it calls the PLC's server, keeps a link to it, and hands on what comes."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from functools import partial

from asyncua import ua

from karez.domain.errors import BadConfig, BadTelegram
from karez.domain.telegrams import Heartbeat
from karez.settings import SorterSection
from karez.sorter.plc.intake import Intake
from karez.sorter.plc.opcua.dialogue import Dialogue
from karez.sorter.plc.opcua.link import Link
from karez.sorter.plc.opcua.options import OpcUaOptions
from karez.sorter.plc.opcua.security import der_of, foreign
from karez.sorter.plc.opcua.session import PlcSession
from karez.sorter.plc.protocol import Arrived, Capabilities, HubTelegram, LinkEvent, PlcTelegram, Received, Resume
from karez.sorter.plc.sequence import UNANSWERED, Inbox
from karez.sorter.plc.tcp.wire import MAX_ITEMS
from karez.sorter.plc.watched import Unreached, raise_again

CAPABILITIES = Capabilities(
    name="opcua",
    acknowledges=True,
    replays=True,
    alternatives=MAX_ITEMS,
    laps=True,
    valid_for=True,
    roles=frozenset({"client"}),
)

_BACKOFF_FIRST_S = 0.05
_BACKOFF_MOST_S = 1.0  # short: a hub that comes back must be able to decide within 5 s
_STEADY_S = 1.0  # a link that did not last so long is called again as if it had not come about


class OpcUaPlc:
    """`Plc` over OPC UA. All calls belong to the event loop that started it.

    Parameters
    ----------
    settings
        Address, heartbeat, and the driver's options.
    session
        Name of this run of the hub, new with every start: running numbers begin anew with it.
    resume
        What the hub has committed of the PLC's session, so that it goes on there.
    monotonic
        Clock in seconds, for counts by the minute.
    """

    def __init__(
        self,
        settings: SorterSection,
        session: str,
        resume: Resume | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._options = OpcUaOptions(**settings.options)
        self.port = settings.port
        self._peer = f"{settings.host}:{settings.port}"
        self._url = f"opc.tcp://{self._peer}{self._options.path}"
        self._heartbeat_s = settings.heartbeat_ms / 1000
        self._intake = Intake()
        self._monotonic = monotonic
        self._dialogue = Dialogue(session, resume, self._heartbeat_s, self._arrived, self._happened, monotonic)
        self._dialogue.peer = self._peer
        self._link: Link | None = None
        self._calling: asyncio.Task[None] | None = None
        self._stopping = False
        self._ended: list[str] = []
        self._unreached = Unreached()

    @property
    def capabilities(self) -> Capabilities:
        """What the protocol can carry."""
        return CAPABILITIES

    @property
    def linked(self) -> bool:
        """Whether the link stands now."""
        return self._dialogue.linked

    @property
    def unacknowledged(self) -> int:
        """How many telegrams the PLC has not taken over yet."""
        return len(self._dialogue.outbox)

    async def start(self) -> None:
        """Call, and keep calling. Raises `BadConfig` where a file of the options cannot be used."""
        _check_files(self._options)
        self._stopping = False
        self._calling = asyncio.create_task(self._call())
        self._calling.add_done_callback(raise_again)

    async def stop(self) -> None:
        """End the link and `received`."""
        self._stopping = True
        if self._link is not None:
            self._link.end("the hub stops")
        if self._calling is not None:
            self._calling.cancel()
            await asyncio.gather(self._calling, return_exceptions=True)
        self._dialogue.stopped()
        self._intake.end()

    def order(self, telegram: HubTelegram) -> None:
        """Put a telegram into the outbox, from where a task sends it; the driver beats its heart itself."""
        if isinstance(telegram, Heartbeat):
            return
        self._dialogue.outbox.put(telegram)
        if self._link is not None:
            self._link.orders.placed()
            if self._dialogue.outbox.overfull:
                self._link.end(UNANSWERED)

    def received(self) -> AsyncIterator[Received]:
        """Telegrams and link events, in order; ends after `stop`. One reader only."""
        return self._intake.received()

    # ---- the link --------------------------------------------------------------------------------------------------

    async def _call(self) -> None:
        pause_s = _BACKOFF_FIRST_S / 2
        # Not by cancellation alone: `asyncio.wait_for`, which asyncua uses, can swallow one (Python before 3.12).
        while not self._stopping:
            began_s = self._monotonic()
            stood = await self._call_once()
            steady = stood and self._monotonic() - began_s >= _STEADY_S
            pause_s = _BACKOFF_FIRST_S if steady else min(2 * pause_s, _BACKOFF_MOST_S)
            self._dialogue.due()
            await asyncio.sleep(pause_s)

    async def _call_once(self) -> bool:
        """Call and speak until the link ends; whether one stood."""
        self._ended = ended = list[str]()
        session = PlcSession(self._url, self._options, lambda reason: self._gone(reason, ended))
        reason = "the connection could not be used"
        try:
            await session.connect()
            self._unreached.reached()
            self._link = link = Link(session, self._dialogue, self._options, self._heartbeat_s)
            for early in ["the hub stops"] if self._stopping else ended:
                link.end(early)
            reason = await link.run(self._peer)
        except asyncio.CancelledError:
            reason = "the hub stops"
            raise
        except Exception as error:
            # asyncua's decoder raises whatever it stumbles over; none of it may end the hub.
            await self._refused(session, error)
        finally:
            stood = await self._leave(session, reason)
        return stood

    def _gone(self, reason: str, ended: list[str]) -> None:
        ended.append(reason)
        if self._link is not None and self._ended is ended:  # not the end of an earlier connection
            self._link.end(reason)

    async def _leave(self, session: PlcSession, reason: str) -> bool:
        link, self._link = self._link, None
        stood = self._dialogue.linked
        if self._stopping and stood and link is not None:
            await link.farewell()
        if session.tap is not None and session.tap.bad is not None:
            self._dialogue.reject("bytes that are no answer of an OPC UA server", session.tap.bad)
        self._dialogue.part(reason)
        await session.end(goodbye=self._stopping)
        return stood

    async def _refused(self, session: PlcSession, error: Exception) -> None:
        """Say why there is no link, unless there is simply nobody."""
        if isinstance(error, BadTelegram):
            self._dialogue.reject(error.what)
        elif isinstance(error, ua.UaStatusCodeError):
            self._dialogue.reject(f"the PLC refuses the hub ({type(error).__name__})")
        elif session.tap is not None and session.tap.bad is not None:
            return  # told with its bytes when the session is left
        elif not isinstance(error, OSError | TimeoutError):
            self._dialogue.reject(f"no session with the PLC: {type(error).__name__}: {error}"[:200])
        else:
            self._unreached.say(self._peer, error)
        if session.tap is not None and self._options.security != "none":
            await self._explain()

    async def _explain(self) -> None:
        """Ask the server what certificate it has: if it is another one, that is why."""
        asking = PlcSession(self._url, self._options, lambda _: None)
        shown: set[bytes] = set()
        with suppress(Exception):  # a server that does not tell explains nothing
            shown = await asking.certificates()
        await asking.end(goodbye=False)
        if other := foreign(shown, self._options):
            self._dialogue.reject(other.reason, other.certificate)

    # ---- what comes ------------------------------------------------------------------------------------------------

    def _arrived(self, telegram: PlcTelegram, seq: int, inbox: Inbox) -> None:
        acknowledge = partial(self._acknowledge, inbox, seq)
        self._intake.put(Arrived(telegram, seq, inbox.session, acknowledge))

    def _acknowledge(self, inbox: Inbox, seq: int) -> None:
        if self._dialogue.acknowledge(inbox, seq) and self._link is not None:
            self._link.committed()

    def _happened(self, event: LinkEvent) -> None:
        self._intake.put(event)


def _check_files(options: OpcUaOptions) -> None:
    for name in ("certificate", "server_certificate", "private_key", "password_file"):
        path = getattr(options, name)
        if path is None:
            continue
        try:
            der_of(path) if name.endswith("certificate") else path.read_bytes()
        except (OSError, ValueError) as error:
            raise BadConfig("sorter", [(0, f"sorter.options.{name}", f"{path} cannot be used: {error}")]) from None
