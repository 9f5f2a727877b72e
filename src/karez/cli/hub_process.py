"""One process of a hub, as `karez hub` starts it: ``karez hub-process control|web [--config FILE]``."""

import asyncio
import logging
import signal
import sys
from pathlib import Path

from karez.cli import compose, logs
from karez.domain.errors import KarezError
from karez.hub.process import go_before_others
from karez.settings import Settings

log = logging.getLogger("karez.supervisor")


def main() -> None:
    """Run the process that the command line names, until it is stopped."""
    role, *rest = sys.argv[2:]
    config = Path(rest[1]) if rest[:1] == ["--config"] else None
    loaded = compose.load_settings(config, quiet=True)
    logs.set_up(loaded.settings.hub, "web" if role == "web" else "control")
    try:
        if role == "web":
            from karez.cli.web_process import run_web

            run_web(loaded.settings)
            return
        go_before_others()  # from here on: the start itself is part of how long a kill lasts
        asyncio.run(_control(loaded.settings))
    except KarezError as error:  # a sentence is enough; as a record, like all else that this process says
        log.critical("%s", error)
        sys.exit(2)


async def _control(settings: Settings) -> None:
    from karez.cli.control_process import run_control

    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await run_control(settings, stop)
