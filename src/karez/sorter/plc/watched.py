"""What nobody waits for is heard of all the same: a driver's task that ends by mistake, a PLC that is not there."""

import asyncio
import logging
import os

log = logging.getLogger("karez.sorter")


class Unreached:
    """Says in the log why the PLC that is called cannot be reached, once for each reason."""

    def __init__(self) -> None:
        self._said: str | None = None

    def say(self, where: str, error: Exception) -> None:
        """It could not be reached."""
        number = error.errno if isinstance(error, OSError) else None
        why = os.strerror(number) if number else str(error) or type(error).__name__
        if why != self._said:
            self._said = why
            log.warning("the PLC at %s cannot be reached: %s", where, why)

    def reached(self) -> None:
        """It could: the next time is news again."""
        self._said = None


def raise_again(task: "asyncio.Task[None]") -> None:
    """Let the event loop hear of an error that ended a task, as of one in a callback; a done-callback for such tasks.

    Else the error waits for somebody to ask the task for it, and the hub stays without a link. The control process ends
    at an error in a callback, and is started again from what is stored.
    """
    if not task.cancelled() and (error := task.exception()) is not None:
        raise error
