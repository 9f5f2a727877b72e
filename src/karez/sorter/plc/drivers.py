"""The table of drivers: one row for each protocol."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import ValidationError

from karez.domain.errors import BadConfig
from karez.settings import Section, SorterSection
from karez.sorter.plc.modbus.driver import CAPABILITIES as MODBUS
from karez.sorter.plc.modbus.driver import modbus_plc
from karez.sorter.plc.modbus.options import ModbusOptions
from karez.sorter.plc.modbus.twin import modbus_twin
from karez.sorter.plc.opcua.driver import CAPABILITIES as OPCUA
from karez.sorter.plc.opcua.driver import OpcUaPlc
from karez.sorter.plc.opcua.options import OpcUaOptions
from karez.sorter.plc.opcua.twin import OpcUaTwin
from karez.sorter.plc.osip.driver import CAPABILITIES as OSIP
from karez.sorter.plc.osip.driver import OsipPlc
from karez.sorter.plc.osip.options import OsipOptions
from karez.sorter.plc.osip.twin import OsipTwin
from karez.sorter.plc.protocol import Capabilities, Plc, Resume, Role, Twin
from karez.sorter.plc.s7.driver import CAPABILITIES as S7
from karez.sorter.plc.s7.driver import s7_plc
from karez.sorter.plc.s7.options import S7Options
from karez.sorter.plc.s7.twin import s7_twin
from karez.sorter.plc.sockets import Access
from karez.sorter.plc.tcp.driver import CAPABILITIES as TCP
from karez.sorter.plc.tcp.driver import TcpPlc
from karez.sorter.plc.tcp.options import TcpOptions
from karez.sorter.plc.tcp.twin import TcpTwin


@dataclass(frozen=True, slots=True)
class Driver:
    """One row.

    Attributes
    ----------
    options
        What ``[sorter.options]`` may hold.
    plc
        Makes the hub's side: settings, name of this run of the hub, where to go on.
    twin
        Makes the PLC's side: host, port, the twin's own role, name of its run, the same settings.
    """

    capabilities: Capabilities
    options: type[Section]
    plc: Callable[[SorterSection, str, Resume | None], Plc]
    twin: Callable[[str, int, Role, str, SorterSection], Twin]


DRIVERS: dict[str, Driver] = {
    "tcp": Driver(
        TCP,
        TcpOptions,
        TcpPlc,
        lambda host, port, role, session, settings: TcpTwin(
            host, port, role, session, settings.heartbeat_ms, Access.of(settings, role)
        ),
    ),
    "osip": Driver(OSIP, OsipOptions, OsipPlc, OsipTwin),
    "opcua": Driver(OPCUA, OpcUaOptions, OpcUaPlc, OpcUaTwin),
    "modbus": Driver(MODBUS, ModbusOptions, modbus_plc, modbus_twin),
    "s7": Driver(S7, S7Options, s7_plc, s7_twin),
}
"""By the name that ``sorter.driver`` may have."""


def driver_of(settings: SorterSection) -> Driver:
    """Driver that the settings name, its role and options checked.

    Raises
    ------
    BadConfig
        Naming the field at fault.
    """
    driver = DRIVERS.get(settings.driver)
    if driver is None:
        raise BadConfig("sorter", [(0, "sorter.driver", f"none is called {settings.driver!r}; there are {_NAMES}")])
    if settings.role not in driver.capabilities.roles:
        roles = ", ".join(sorted(driver.capabilities.roles))
        raise BadConfig("sorter", [(0, "sorter.role", f"driver {settings.driver!r} can be {roles} only")])
    if not driver.capabilities.tls and (settings.tls_cert or settings.tls_key or settings.tls_ca):
        what = f"driver {settings.driver!r} has no TLS: without it the link would be open although it looks closed"
        raise BadConfig("sorter", [(0, "sorter.tls_cert", what)])
    try:
        driver.options(**settings.options)
    except ValidationError as error:
        faults = [(0, ".".join(("sorter.options", *map(str, each["loc"]))), each["msg"]) for each in error.errors()]
        raise BadConfig("sorter", faults) from None
    return driver


_NAMES = ", ".join(DRIVERS)


def open_plc(settings: SorterSection, session: str, resume: Resume | None = None) -> Plc:
    """Make the driver that the settings name; it does nothing before its `start`.

    Parameters
    ----------
    settings
        The sorter's section.
    session
        Name of this run of the hub, new with every start.
    resume
        The PLC's session and the highest number of it that is committed; ``None`` for an empty store.
    """
    return driver_of(settings).plc(settings, session, resume)


def open_twin(settings: SorterSection, role: Role, host: str, port: int, session: str) -> Twin:
    """Make the PLC's side of the driver that the settings name; it does nothing before its `start`.

    Parameters
    ----------
    role
        The twin's own: the other one than the hub's.
    session
        Name of this run of the PLC, new with every restart.
    """
    return driver_of(settings).twin(host, port, role, session, settings)
