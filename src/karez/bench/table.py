"""The records of the bench as tables to read: a list of column heads and rows of words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """Heads and rows; every row has as many words as there are heads."""

    heads: tuple[str, ...]
    rows: list[tuple[str, ...]]


def conditions_table(record: Record) -> Table:
    """One row for each subject under each condition."""
    heads = (
        *("condition", "subject", "n", "identified", "wrong", "failed", "zh exact", "ug exact", "en exact"),
        *("CPU ms", "p95", "pictures/s ×2", "by CPU"),
    )
    rows = [(condition["condition"], *row) for condition in record["conditions"] for row in _rows(condition)]
    return Table(heads, [(*row, *[""] * (len(heads) - len(row))) for row in rows])


def _rows(condition: Record) -> Iterator[tuple[str, ...]]:
    for subject in condition["subjects"]:
        speed = _speed(condition) if subject["subject"] == "karez-codes" else ()
        yield (*_row(subject["subject"], subject), *speed)
    common = condition["common_pictures"]
    for subject in common["subjects"] if common else ():
        if subject["subject"] == "karez" and subject["n"] < condition["subjects"][0]["n"]:
            yield _row(f"karez, the same {subject['n']}", subject)
    for name, why in condition["missing"].items():
        yield (name, "not run", why)


def _row(name: str, subject: Record) -> tuple[str, ...]:
    codes_alone = subject["subject"] not in ("karez", "rapidocr")
    lines = ["–" if codes_alone else _share(each["exact"], each["of"]) for each in subject["lines"].values()]
    return (
        *(name, str(subject["n"]), _share(subject["identified"], subject["n"])),
        *(str(subject["wrong"]), str(subject["failed"]), *lines, *map(_figure, subject["cpu_ms"].values())),
    )


def _speed(condition: Record) -> tuple[str, str]:
    on_wall, by_cpu = condition["two_workers_pictures_per_s"], condition["two_workers_pictures_per_s_by_cpu"]
    return _figure(on_wall), _figure(by_cpu)


def samples_table(record: Record) -> Table:
    """One row for each folder, and the total."""
    heads = (
        *("folder", "with truth", "karez exact", "plain exact", "other texts karez", "plain"),
        *("without truth", "waybills", "failed", "CPU ms karez", "plain"),
    )
    rows = [(*_counts(row["folder"], row), *map(_figure, row["cpu_ms"].values())) for row in record["folders"]]
    return Table(heads, [*rows, (*_counts("total", record["total"]), "", "")])


def _counts(name: str, row: Record) -> tuple[str, ...]:
    exact = (row["with_truth"], row["karez_exact"], row["plain_exact"], *row["other_texts"].values())
    failed = " + ".join(map(str, row["failed"].values()))
    return (name, *map(str, exact), str(row["without_truth"]), str(row["waybills_without_truth"]), failed)


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} % ({part}/{whole})" if whole else "–"
