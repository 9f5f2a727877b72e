"""The table of drivers: one row for each protocol."""

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass

from pydantic import ValidationError

from karez.domain.errors import BadConfig
from karez.settings import Section, SorterSection, sentence
from karez.sorter.plc.protocol import Capabilities, Plc, Resume, Role, Twin


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


class DriverTable(MutableMapping[str, Driver]):
    """Rows by name; a row that is a function is made when it is first asked for.

    A hub speaks one protocol, and must be up again within seconds: the libraries of the others (a second for OPC UA
    alone) are not loaded.
    """

    def __init__(self, rows: Mapping[str, Driver | Callable[[], Driver]]) -> None:
        self._rows = dict(rows)

    def __getitem__(self, name: str) -> Driver:
        row = self._rows[name]
        if not isinstance(row, Driver):
            row = self._rows[name] = row()
        return row

    def __setitem__(self, name: str, row: Driver) -> None:
        self._rows[name] = row

    def __delitem__(self, name: str) -> None:
        del self._rows[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def _tcp() -> Driver:
    from karez.sorter.plc.tcp import driver, options, twin

    return Driver(driver.CAPABILITIES, options.TcpOptions, driver.TcpPlc, twin.tcp_twin)


def _osip() -> Driver:
    from karez.sorter.plc.osip import driver, options, twin

    return Driver(driver.CAPABILITIES, options.OsipOptions, driver.OsipPlc, twin.OsipTwin)


def _opcua() -> Driver:
    from karez.sorter.plc.opcua import driver, options, twin

    return Driver(driver.CAPABILITIES, options.OpcUaOptions, driver.OpcUaPlc, twin.OpcUaTwin)


def _modbus() -> Driver:
    from karez.sorter.plc.modbus import driver, options, twin

    return Driver(driver.CAPABILITIES, options.ModbusOptions, driver.modbus_plc, twin.modbus_twin)


def _s7() -> Driver:
    from karez.sorter.plc.s7 import driver, options, twin

    return Driver(driver.CAPABILITIES, options.S7Options, driver.s7_plc, twin.s7_twin)


DRIVERS = DriverTable({"tcp": _tcp, "osip": _osip, "opcua": _opcua, "modbus": _modbus, "s7": _s7})
"""By the name that ``sorter.driver`` may have."""


def driver_of(settings: SorterSection) -> Driver:
    """Driver that the settings name, its role and options checked.

    Raises
    ------
    BadConfig
        Naming the field at fault.
    """
    if settings.driver not in DRIVERS:
        known = ", ".join(DRIVERS)
        raise BadConfig("sorter", [(0, "sorter.driver", f"none is called {settings.driver!r}; there are {known}")])
    driver = DRIVERS[settings.driver]
    if settings.role not in driver.capabilities.roles:
        roles = ", ".join(sorted(driver.capabilities.roles))
        raise BadConfig("sorter", [(0, "sorter.role", f"driver {settings.driver!r} can be {roles} only")])
    if not driver.capabilities.tls and (settings.tls_cert or settings.tls_key or settings.tls_ca):
        what = f"driver {settings.driver!r} has no TLS: without it the link would be open although it looks closed"
        raise BadConfig("sorter", [(0, "sorter.tls_cert", what)])
    try:
        driver.options(**settings.options)
    except ValidationError as error:
        faults = [(0, ".".join(("sorter.options", *map(str, each["loc"]))), sentence(each)) for each in error.errors()]
        raise BadConfig("sorter", faults) from None
    return driver


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
