"""The table of drivers: one row for each protocol."""

from collections.abc import Callable

from karez.settings import SorterSection
from karez.sorter.plc.protocol import Plc, Resume
from karez.sorter.plc.tcp.driver import TcpPlc

DRIVERS: dict[str, Callable[[SorterSection, str, Resume | None], Plc]] = {
    "tcp": TcpPlc,
}
"""Makes the hub's side of a link, by the name that ``sorter.driver`` may have."""


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
    return DRIVERS[settings.driver](settings, session, resume)
