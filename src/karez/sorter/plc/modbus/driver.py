"""The hub's side of the Modbus link: polls the PLC's holding registers, or serves its own to the PLC."""

from collections.abc import Callable

from karez.settings import SorterSection
from karez.sorter.plc.access import AllowList
from karez.sorter.plc.mailbox.end import MISSED_HEARTBEATS
from karez.sorter.plc.mailbox.hub import MailboxPlc
from karez.sorter.plc.mailbox.layout import MAX_ALTERNATIVES, MAX_CODES, Side
from karez.sorter.plc.mailbox.memory import Memory, Reach, Reject
from karez.sorter.plc.mailbox.options import refuse_tls
from karez.sorter.plc.modbus.client import RegistersOverThere
from karez.sorter.plc.modbus.options import ModbusOptions
from karez.sorter.plc.modbus.server import RegistersHere
from karez.sorter.plc.protocol import Capabilities, Resume, Role

CAPABILITIES = Capabilities(
    name="modbus",
    acknowledges=True,
    replays=True,
    alternatives=MAX_ALTERNATIVES,
    laps=True,
    valid_for=True,
    roles=frozenset({"server", "client"}),
    codes=MAX_CODES,
)


def modbus_plc(settings: SorterSection, session: str, resume: Resume | None = None) -> MailboxPlc:
    """Hub's end: role, address, heartbeat and options as set. Raises `BadConfig` where TLS is asked for."""
    refuse_tls(settings)
    options = ModbusOptions(**settings.options)
    reach = registers(settings.host, settings.port, settings.role, "wcs", settings)
    return MailboxPlc(CAPABILITIES, options.block, options.poll_ms, settings.heartbeat_ms, session, resume, reach)


def registers(host: str, port: int, role: Role, side: Side, settings: SorterSection) -> Reach:
    """How an end of this role reaches the block: its own registers, or the other side's."""
    options = ModbusOptions(**settings.options)

    def reach(wake: Callable[[], None], reject: Reject) -> Memory:
        if role == "server":
            return RegistersHere(host, port, side, options, AllowList(settings.allow), wake, reject)
        timeout_s = min(1.0, MISSED_HEARTBEATS * settings.heartbeat_ms / 1000)
        return RegistersOverThere(host, port, options, timeout_s)

    return reach
