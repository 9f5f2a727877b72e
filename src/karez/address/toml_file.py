"""Opens a hub's TOML file; what cannot be read is a fault with its line."""

import re
import tomllib
from pathlib import Path
from typing import Any

from karez.domain.errors import BadConfig


def read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    """Return a file's text (for finding lines in) and its tables.

    Raises
    ------
    BadConfig
        Where it cannot be opened, or is no TOML.
    """
    try:
        text = path.read_text("utf-8")
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        line = re.search(r"line (\d+)", str(fault))
        raise BadConfig(str(path), [(int(line[1]) if line else 0, "TOML", str(fault))]) from fault
    except OSError as fault:
        raise BadConfig(str(path), [(0, "file", f"cannot be read: {fault.strerror or fault}")]) from fault
    except UnicodeDecodeError as fault:
        why = f"is not UTF-8 text from line {fault.object.count(10, 0, fault.start) + 1} on"
        raise BadConfig(str(path), [(0, "file", f"{why}; save it as UTF-8 (it may be GB18030)")]) from fault
