"""The log of a hub's processes: text for a terminal, one JSON object a line for everything else.

A record about a parcel carries its id as a field. Phone numbers are masked whatever wrote them: events and messages
hold no personal data, but the text of an error that a library raised may.
"""

import json
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from karez.cli.records import masked
from karez.settings import HubSection

log = logging.getLogger("karez.process")
_TEXT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
_FIELDS = ("parcel", "event", "alarm")
"""What a record may carry beside its message (``extra``)."""

_CHATTY = ("alembic", "httpx", "uvicorn.access")


class TextLines(logging.Formatter):
    """For people."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the lines of one record."""
        return masked(super().format(record))


class JsonLines(logging.Formatter):
    """For programs: ``at`` (ISO 8601, UTC), ``level``, ``process``, ``logger``, ``message``, and fields.

    Parameters
    ----------
    process
        Which of the hub's processes writes.
    """

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """Give the one line of a record."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": self._process,
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        line |= {name: getattr(record, name) for name in _FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["error"] = masked(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


def as_json(hub: HubSection) -> bool:
    """Whether one JSON line a record is written: by setting, or because nobody looks at a terminal."""
    return hub.log == "json" or (hub.log == "auto" and not sys.stderr.isatty())


def _last_words(process: str) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """What is said of an error that ends the process: a record like any other."""

    def say(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.critical("the %s process ends: %s", process, error, exc_info=(kind, error, trace))

    return say


def set_up(hub: HubSection, process: str) -> None:
    """Have this process log as the settings say."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(process) if as_json(hub) else TextLines(_TEXT))
    sys.excepthook = _last_words(process)
    logging.basicConfig(level=hub.log_level.upper(), handlers=[handler], force=True)
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)
    if hub.log_level == "debug":  # of ours: what libraries tell of themselves would bury it
        logging.getLogger().setLevel(logging.INFO)
        logging.getLogger("karez").setLevel(logging.DEBUG)
