"""Before a hub starts: what it needs for itself must be free, else it says so and ends instead of trying for ever."""

import socket
import time
from collections.abc import Callable
from functools import partial

from karez.domain.errors import BadInput
from karez.eventstore.seat import is_written_to
from karez.settings import Settings

_PATIENCE_S = 5.0
"""After a kill, the killed hub's processes need a moment to let go."""


def check_free(settings: Settings) -> None:
    """Make sure that no other hub writes to the store, and that both ports can be listened on.

    Raises
    ------
    BadInput
        Naming the setting to change.
    """
    if _lasts(lambda: is_written_to(settings.store_url)):
        where = str(settings.hub.data_dir)
        raise BadInput("another hub runs on this data folder", where, "stop it, or choose another hub.data_dir")
    listened = [("web.port", settings.web.host, settings.web.port)]
    if settings.sorter.role == "server":
        listened.append(("sorter.port", settings.sorter.host, settings.sorter.port))
        hosts = {settings.sorter.host, settings.web.host}
        if settings.sorter.port == settings.web.port != 0 and (len(hosts) == 1 or hosts & {"0.0.0.0", "::"}):
            raise BadInput(f"port {settings.web.port} is that of the pages, too", "sorter.port", "choose another")
    for name, host, port in listened:
        _check_here(name, host)
        if _lasts(partial(_is_taken, host, port)):
            raise BadInput(
                f"port {port} of {host} is taken by another program", name, "stop it, or choose another port"
            )


def _check_here(name: str, host: str) -> None:
    """Whether this machine has that address at all."""
    try:
        with socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            pass
    except OSError:
        section = name.partition(".")[0]
        raise BadInput(
            f"this machine has no address {host!r}", f"{section}.host", "name one of its own, or 0.0.0.0 for all"
        ) from None


def _lasts(holds: Callable[[], bool]) -> bool:
    """Whether something still holds after a little patience."""
    ends = time.monotonic() + _PATIENCE_S
    while holds():
        if time.monotonic() > ends:
            return True
        time.sleep(0.2)
    return False


def _is_taken(host: str, port: int) -> bool:
    if port == 0:
        return False
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as asyncio and uvicorn listen
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False
