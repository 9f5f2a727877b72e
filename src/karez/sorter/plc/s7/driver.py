"""The hub's side of the S7 link: reads and writes a data block of the PLC."""

from karez.settings import SorterSection
from karez.sorter.plc.mailbox.end import MISSED_HEARTBEATS
from karez.sorter.plc.mailbox.hub import MailboxPlc
from karez.sorter.plc.mailbox.layout import MAX_ALTERNATIVES, MAX_CODES
from karez.sorter.plc.mailbox.options import refuse_tls
from karez.sorter.plc.protocol import Capabilities, Resume
from karez.sorter.plc.s7.client import DataBlockOverThere
from karez.sorter.plc.s7.options import S7Options

CAPABILITIES = Capabilities(
    name="s7",
    acknowledges=True,
    replays=True,
    alternatives=MAX_ALTERNATIVES,
    laps=True,
    valid_for=True,
    roles=frozenset({"client"}),
    codes=MAX_CODES,
)


def s7_plc(settings: SorterSection, session: str, resume: Resume | None = None) -> MailboxPlc:
    """Hub's end: address, heartbeat and options as set. Raises `BadConfig` where TLS is asked for."""
    refuse_tls(settings)
    options = S7Options(**settings.options)
    timeout_s = min(1.0, MISSED_HEARTBEATS * settings.heartbeat_ms / 1000)
    return MailboxPlc(
        CAPABILITIES,
        options.block,
        options.poll_ms,
        settings.heartbeat_ms,
        session,
        resume,
        lambda wake, reject: DataBlockOverThere(settings.host, settings.port, options, timeout_s),
    )
