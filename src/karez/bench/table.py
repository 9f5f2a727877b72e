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
        *("condition", "subject", "n", "identified", "wrong", "zh exact", "ug exact", "en exact"),
        *("CPU ms", "p95", "pictures/s ×2", "by CPU"),
    )
    return Table(heads, [row for condition in record["conditions"] for row in _condition_rows(condition)])


def _condition_rows(condition: Record) -> Iterator[tuple[str, ...]]:
    for subject in condition["subjects"]:
        codes_alone = subject["subject"] not in ("karez", "rapidocr")
        lines = ["–" if codes_alone else _share(each["exact"], each["of"]) for each in subject["lines"].values()]
        speed = _speed(condition) if subject["subject"] == "karez-codes" else ("", "")
        yield (
            *(condition["condition"], subject["subject"], str(subject["n"])),
            *(_share(subject["identified"], subject["n"]), str(subject["wrong"]), *lines),
            *(f"{subject['cpu_ms']['median']:.1f}", f"{subject['cpu_ms']['p95']:.1f}", *speed),
        )
    for name, why in condition["missing"].items():
        yield (condition["condition"], name, "not run", why, *[""] * 8)


def _speed(condition: Record) -> tuple[str, str]:
    return str(condition["two_workers_pictures_per_s"]), str(condition["two_workers_pictures_per_s_by_cpu"])


def samples_table(record: Record) -> Table:
    """One row for each folder, and the total."""
    heads = ("folder", "with truth", "karez exact", "plain exact", "without truth", "waybills", "CPU ms karez", "plain")
    rows = [
        (*_counts(row["folder"], row), *(f"{ms:.1f}" for ms in row["cpu_ms"].values())) for row in record["folders"]
    ]
    return Table(heads, [*rows, (*_counts("total", record["total"]), "", "")])


def _counts(name: str, row: Record) -> tuple[str, ...]:
    counts = ("with_truth", "karez_exact", "plain_exact", "without_truth", "waybills_without_truth")
    return (name, *(str(row[count]) for count in counts))


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} % ({part}/{whole})" if whole else "–"


def notes(record: Record) -> list[str]:
    """Say under a table of conditions how its figures came about."""
    told = [
        f"seed {record['seed']}, {record['n']} pictures a condition; CPU ms: processor time a picture, file included.",
        "karez reads the whole label in all scripts; karez-codes is the same reader with text off.",
        "pictures/s ×2: two processes at once, the address block read on one picture in five; on the wall, where all",
        "that runs on the machine counts, and by processor time, as if each had a core to itself.",
        "two-labels: identified where two different numbers were told apart, and none was taken for the parcel's.",
        "wrong: a number was taken that is not the parcel's. Chinese lines are compared without spaces.",
    ]
    for condition in record["conditions"]:
        ratios = (condition["codes_only_to_zxing"], condition["whole_label_to_rapidocr"])
        words = [
            f"{what} {ratio}"
            for what, ratio in zip(("codes/zxing-cpp", "label/RapidOCR"), ratios, strict=True)
            if ratio
        ]
        if words:
            told.append(f"{condition['condition']}: ratio of medians {', '.join(words)}")
    return told


SAMPLES_NOTES = (
    "exact: one of the codes holds the text beside the picture; plain: read_barcodes(text_mode=Plain), nothing else.",
    "without truth: no .txt beside the picture; waybills: how many of those gave karez a number.",
    "karez reads codes and text here, and first sees a picture's width on that picture; CPU ms are medians.",
)
"""How the figures of a table of samples came about."""


def machine_line(record: Record) -> str:
    """Name the machine and the date."""
    about = record["machine"]
    flags = ", ".join(about["flags"])
    load = f"load {about['load_1min']} at the end"
    return f"{record['at']} · {about['processor']} ({flags}), {about['cores']} cores, {load} · karez {about['karez']}"
