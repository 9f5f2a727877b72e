"""Tasks of a driver that nobody waits for: what ends one of them by mistake must not go unheard."""

import asyncio


def raise_again(task: "asyncio.Task[None]") -> None:
    """Let the event loop hear of an error that ended a task, as of one in a callback; a done-callback for such tasks.

    Else the error waits for somebody to ask the task for it, and the hub stays without a link. The control process ends
    at an error in a callback, and is started again from what is stored.
    """
    if not task.cancelled() and (error := task.exception()) is not None:
        raise error
