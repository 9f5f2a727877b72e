"""The command line, and the only place where rooms are put together: `command_line` gathers its commands."""

from typing import Any


def __getattr__(name: str) -> Any:
    """Give `app` and `main`, loaded when they are first asked for.

    A process of a running hub loads its own part only: it must be back within seconds of a kill.
    """
    if name in ("app", "main"):
        from karez.cli import command_line

        return getattr(command_line, name)
    raise AttributeError(name)
