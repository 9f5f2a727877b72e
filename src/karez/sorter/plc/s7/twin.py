"""The PLC's side of the S7 link, simulated: a data block that the hub reads and writes."""

from karez.settings import SorterSection
from karez.sorter.plc.mailbox.plc import MailboxTwin
from karez.sorter.plc.protocol import Role
from karez.sorter.plc.s7.options import S7Options
from karez.sorter.plc.s7.server import DataBlockHere


def s7_twin(host: str, port: int, role: Role, session: str, settings: SorterSection) -> MailboxTwin:
    """PLC's end, with the same options as the hub's; it always listens, as S7 PLCs do."""
    assert role == "server", "an S7 PLC is called"
    options = S7Options(**settings.options)
    return MailboxTwin(
        options.block,
        options.poll_ms,
        settings.heartbeat_ms,
        session,
        lambda wake, reject: DataBlockHere(host, port, options, wake),
    )
