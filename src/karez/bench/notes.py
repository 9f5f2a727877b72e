"""What belongs to the figures of a record to be understood: how they came about, whole sentences."""

from collections.abc import Iterator
from typing import Any

Record = dict[str, Any]

SAMPLES_NOTES = (
    "exact: one of the codes holds the text beside the picture; plain: read_barcodes(text_mode=Plain), nothing else.",
    "other texts: read where there is truth, and not the text beside the picture. Misread, half read "
    "(without the add-on), or of another code in the photo: which of these, one text beside it does not tell.",
    "without truth: no .txt beside the picture; waybills: how many of those gave karez a number.",
    "karez reads codes and text here, and first sees a picture's width on that picture; CPU ms are medians.",
    "failed: karez + plain crashed or hung on so many pictures; those count as not read, and in no time.",
)
"""Under samples."""

_ALWAYS = (
    "karez reads the whole label in all scripts; karez-codes is the same reader with text off.",
    "pictures/s ×2: two processes at once, the address block read on one picture in five; on the wall, where all "
    "that runs on the machine counts, and by processor time, as if each had a core to itself.",
    "identified: the number taken is the parcel's. wrong: a number was taken that is not the parcel's.",
    "failed: the subject crashed or hung on the picture; it counts as not identified, and in no time or speed.",
    "Chinese lines are compared without spaces.",
)


def conditions_notes(record: Record) -> list[str]:
    """Say how the figures of conditions came about."""
    conditions = record["conditions"]
    ran = {subject["subject"] for condition in conditions for subject in condition["subjects"]}
    told = [
        f"seed {record['seed']}, {record['n']} pictures a condition; CPU ms: processor time a picture, file included.",
        *_ALWAYS,
    ]
    if any(condition["condition"] == "two-labels" for condition in conditions):
        told.append(
            "two-labels: of two different numbers, identified where both were told apart and none was taken for the "
            "parcel's; wrong where one was taken as if it were alone. Of the same number twice: as elsewhere."
        )
    if "rapidocr" in ran:
        told.append(
            "rapidocr runs its default models, made for Chinese and English; not one Arabic letter is among those they "
            "know. Its ug column says what one gets without choosing, not what its models for Arabic script would read."
        )
    return [*told, *(note for condition in conditions for note in _condition_notes(condition, record))]


def _condition_notes(condition: Record, record: Record) -> Iterator[str]:
    name = condition["condition"]
    ratios = (("codes/zxing-cpp", "codes_only_to_zxing"), ("label/RapidOCR", "whole_label_to_rapidocr"))
    words = [f"{what} {condition[ratio]}" for what, ratio in ratios if condition[ratio]]
    if words:
        yield f"{name}: ratio of median CPU ms over the pictures that both read, {', '.join(words)}"
    common = condition["common_pictures"]
    if common and common["n"] < record["n"]:
        yield f"{name}: rapidocr read the first {common['n']} only; beside it stands karez on the same."
    if condition["two_workers_failed"]:
        yield f"{name}: the two workers crashed or hung on {condition['two_workers_failed']} pictures, left out."


def machine_line(record: Record) -> str:
    """Name date, machine, load, and the code that was measured."""
    about = record["machine"]
    flags = ", ".join(about["flags"])
    load = f"load {about['load_1min']} at the end"
    code = f"karez {about['karez']}"
    if record["commit"]:
        code += f" at {record['commit'][:12]}" + (" with changes" if record["changed"] else "")
    return f"{record['at']} · {about['processor']} ({flags}), {about['cores']} cores, {load} · {code}"
