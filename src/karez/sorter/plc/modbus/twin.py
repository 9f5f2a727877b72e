"""The PLC's side of the Modbus link, simulated: registers that the hub polls, or a client of the hub's registers."""

from karez.settings import SorterSection
from karez.sorter.plc.mailbox.plc import MailboxTwin
from karez.sorter.plc.modbus.driver import registers
from karez.sorter.plc.modbus.options import ModbusOptions
from karez.sorter.plc.protocol import Role


def modbus_twin(host: str, port: int, role: Role, session: str, settings: SorterSection) -> MailboxTwin:
    """PLC's end, with the same options as the hub's."""
    options = ModbusOptions(**settings.options)
    reach = registers(host, port, role, "plc", settings)
    return MailboxTwin(options.block, options.poll_ms, settings.heartbeat_ms, session, reach)
