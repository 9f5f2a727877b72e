"""Results kept beside the code: one JSON and one text file a run, named by what was run and when."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from karez.bench.table import Table


def keep(folder: Path, name: str, record: dict[str, Any], table: Table, told: Sequence[str]) -> Path:
    """Write ``name.json`` and ``name.txt`` into a folder; gives the path of the text."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", "utf-8")
    text = folder / f"{name}.txt"
    text.write_text("\n".join([*plain_lines(table), "", *told]) + "\n", "utf-8")
    return text


def plain_lines(table: Table) -> list[str]:
    """Set a table in columns of plain text."""
    rows = [table.heads, *table.rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.heads))]
    return ["  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip() for row in rows]
