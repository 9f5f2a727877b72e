"""Opens the connections of an OSIP link as the options say: one for both ways, or one for each, in either role."""

from functools import partial

from karez.settings import SorterSection
from karez.sorter.plc.osip.options import OsipOptions
from karez.sorter.plc.osip.station import Station, Way
from karez.sorter.plc.protocol import Role
from karez.sorter.plc.sockets import Access, Sockets
from karez.sorter.plc.watched import Unreached

_OTHER: dict[Role, Role] = {"server": "client", "client": "server"}


class Ways:
    """The sockets of one end.

    Parameters
    ----------
    hub
        Whether this is the hub's end: what goes out there comes in at the PLC's.
    role, host, port
        Of the connection for both ways, or (simplex) of the one from PLC to hub.
    """

    def __init__(
        self,
        station: Station,
        settings: SorterSection,
        options: OsipOptions,
        hub: bool,
        role: Role,
        host: str,
        port: int,
    ) -> None:
        def sockets(role: Role, host: str, port: int, way: Way) -> Sockets:
            serve, access = partial(station.serve, way=way), Access.of(settings, role)
            return Sockets(role, host, port, serve, station.refused, access, Unreached() if hub else None)

        if options.connections == "duplex":
            self.sockets = [sockets(role, host, port, Way.BOTH)]
            return
        swapped = options.send_role not in ("", settings.role)  # the connection to the PLC is opened from the other end
        self.sockets = [
            sockets(role, host, port, Way.IN if hub else Way.OUT),
            sockets(
                _OTHER[role] if swapped else role,
                options.send_host or host,
                options.send_port,
                Way.OUT if hub else Way.IN,
            ),
        ]

    @property
    def port(self) -> int:
        """Port listened on or called; in simplex that of the connection from PLC to hub."""
        return self.sockets[0].port

    async def start(self) -> None:
        """Listen or call. Raises `OSError` where an address cannot be bound."""
        for each in self.sockets:
            await each.start()

    async def stop(self, reason: str) -> None:
        """End all connections and open no more."""
        for each in self.sockets:
            await each.stop(reason)
