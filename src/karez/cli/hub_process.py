"""One process of a hub, as `karez hub` starts it: ``karez hub-process control|web [--config FILE]``."""

import asyncio
import gc
import logging
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from karez.domain.errors import KarezError
from karez.hub.process import go_before_others

if TYPE_CHECKING:
    from karez.settings import Settings

log = logging.getLogger("karez.supervisor")


def main() -> None:
    """Run the process that the command line names, until it is stopped.

    Where it is control, its start is most of how long a kill lasts, and loading is most of its start: so it goes before
    others from here on, and nothing that is loaded is looked through for what could be let go of.
    """
    role, *rest = sys.argv[2:]
    if role != "web":
        go_before_others()
        gc.disable()  # until everything is loaded: `control_process.be_quick`
    from karez.cli import compose, logs

    config = Path(rest[1]) if rest[:1] == ["--config"] else None
    loaded = compose.load_settings(config, quiet=True)
    logs.set_up(loaded.settings.hub, "web" if role == "web" else "control")
    try:
        if role == "web":
            from karez.cli.web_process import run_web

            run_web(loaded.settings)
            return
        asyncio.run(_control(loaded.settings))
    except KarezError as error:  # a sentence is enough; as a record, like all else that this process says
        log.critical("%s", error)
        sys.exit(2)


async def _control(settings: "Settings") -> None:
    from karez.cli.control_process import run_control

    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await run_control(settings, stop)
