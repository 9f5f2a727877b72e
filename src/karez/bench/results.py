"""Results kept beside the code: one JSON and one text file a run, named by what was run and when."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from karez.bench.table import Table


def keep(folder: Path, name: str, record: dict[str, Any], table: Table, told: Sequence[str]) -> Path:
    """Write ``name.json`` and ``name.txt`` into a folder, numbered where a run had that name; gives the text's path."""
    folder.mkdir(parents=True, exist_ok=True)
    document = _new_file(folder, name)
    document.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", "utf-8")
    text = document.with_suffix(".txt")
    text.write_text("\n".join([*plain_lines(table), "", *told]) + "\n", "utf-8")
    return text


def _new_file(folder: Path, name: str) -> Path:
    """Make a JSON file that no other run has."""
    path, number = folder / f"{name}.json", 1
    while True:
        try:
            path.touch(exist_ok=False)
        except FileExistsError:
            number += 1
            path = folder / f"{name}-{number}.json"
        else:
            return path


def plain_lines(table: Table) -> list[str]:
    """Set a table in columns of plain text."""
    rows = [table.heads, *table.rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.heads))]
    return ["  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip() for row in rows]
