"""The record of the address bench as tables to read."""

from collections.abc import Iterator
from typing import Any

from karez.bench.address.figures import share
from karez.bench.table import Table

Record = dict[str, Any]


def labelled_table(record: Record) -> Table:
    """One row for each subject under each condition."""
    heads = (
        "condition",
        "subject",
        "right",
        "of decidable",
        "sure and wrong",
        "sure",
        "CPU µs",
        "wall µs",
        "changed µs",
    )
    return Table(
        heads, [(c["condition"], *_row(s, c)) for c in record["labelled"]["conditions"] for s in c["subjects"]]
    )


def _row(subject: Record, condition: Record) -> Iterator[str]:
    n, decidable = condition["n"], condition["decidable"]
    yield from (subject["subject"], share(subject["right"], n), share(subject["right_of_decidable"], decidable))
    if subject["sure_and_wrong"] is None:
        yield from ("–", "–")
    else:
        yield f"{1000 * subject['sure_and_wrong'] / n:.2f} ‰ ({subject['sure_and_wrong']})"
        yield share(subject["sure_of_decidable"], decidable)
    yield from (_figure(each) for each in subject["us"].values())


def undecidable_table(record: Record) -> Table:
    """One row for each subject under a condition in which some rows do not tell their county."""
    heads = (
        *("condition", "subject", "cannot be decided", "named", "not named"),
        *("answered all the same", "of them right"),
    )
    return Table(heads, list(_open_rows(record)))


def _open_rows(record: Record) -> Iterator[tuple[str, ...]]:
    for condition in record["labelled"]["conditions"]:
        for subject in condition["subjects"] if condition["decidable"] < condition["n"] else ():
            found = subject["undecidable"]
            n, right, answered = found["n"], found["right"], found["right"] + found["wrong"]
            shares = (share(count, n) for count in (found["named"], found["none"], answered))
            yield (condition["condition"], subject["subject"], str(n), *shares, _of(right, answered))


def reliability_table(record: Record) -> Table:
    """One row a confidence that Karez gave: how often under each condition, and how many were right."""
    conditions = record["labelled"]["conditions"]
    tables = [_by_confidence(condition) for condition in conditions]
    given = sorted({confidence for each in tables for confidence in each}, reverse=True)
    rows = []
    for confidence in given:
        found = [each.get(confidence, (0, 0)) for each in tables]
        total = (sum(right for right, _ in found), sum(n for _, n in found))
        rows.append((f"{confidence:.2f}", *(_of(*each) for each in found), _of(*total)))
    return Table(("confidence", *(condition["condition"] for condition in conditions), "all"), rows)


def _by_confidence(condition: Record) -> dict[float, tuple[int, int]]:
    return {
        each["confidence"]: (each["right"], each["n"])
        for subject in condition["subjects"]
        for each in subject["reliability"]
    }


def _of(right: int, given: int) -> str:
    return f"{100 * right / given:.1f} % ({right}/{given})" if given else "–"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"
