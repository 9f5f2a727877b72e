"""Addresses that went wrong, one a line, for whoever is to find out why: the address itself stands in it."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from karez.bench.address.handwritten import HandMark
from karez.bench.address.kashi_bench import KashiMark
from karez.bench.address.labelled_bench import LabelledResult
from karez.bench.address.scoring import Verdict
from karez.bench.address.subjects import KAREZ

Line = tuple[str, ...]
_HEADS: Line = ("set", "kind", "what", "address", "truth", "answer", "confidence", "reason")


def write(path: Path, lines: Iterable[Line]) -> None:
    """Write tab-separated lines under their heads; tabs and line feeds of an address become spaces."""
    rows = ["\t".join(" ".join(word.split()) for word in line) for line in (_HEADS, *lines)]
    path.write_text("\n".join(rows) + "\n", "utf-8")


def of_labelled(result: LabelledResult) -> Iterator[Line]:
    """Give what Karez got wrong on rows that can be decided, and what it did not name on those that cannot.

    Where the county's name was left out, to name nothing is no fault.
    """
    for condition in result.conditions:
        marks = result.scores[condition.name][KAREZ].marks
        open_is_fine = (Verdict.NAMED,) if condition.names_county else (Verdict.NAMED, Verdict.NONE)
        for text, mark, truth, answer in zip(
            condition.texts, marks, result.truths, result.answers[condition.name], strict=True
        ):
            fine = mark.verdict == Verdict.RIGHT or (mark.verdict in open_is_fine and not mark.decidable)
            if not fine:
                what = mark.verdict if mark.decidable else f"{mark.verdict}, cannot be decided"
                yield _line(f"row {mark.number}", condition.name, what, text, truth, answer, mark.confidence, mark.why)


def of_drawn(marks: Sequence[KashiMark]) -> Iterator[Line]:
    """Give the drawn addresses with something wrong."""
    for mark in marks:
        if mark.failed:
            drawn, found = mark.drawn, mark.answer
            truth = (drawn.county.name, drawn.township.name, drawn.village.name if drawn.village else "")
            kind = f"{drawn.form}, {drawn.trouble}"
            answer = (found.county, found.township, found.village)
            yield _line("drawn", kind, mark.failed, drawn.text, truth, answer, found.confidence, found.why)


def of_hand_written(marks: Sequence[HandMark]) -> Iterator[Line]:
    """Give the addresses written by hand with something wrong."""
    for mark in marks:
        if mark.failed:
            row, found = mark.row, mark.answer
            answer = (found.county, found.township, found.village)
            truth = (row.county, row.township, row.village)
            yield _line("by hand", row.note, mark.failed, row.address, truth, answer, found.confidence, found.why)


def _line(
    of: str,
    kind: str,
    what: str,
    address: str,
    truth: Sequence[str | None],
    answer: Sequence[str | None],
    confidence: float | None,
    reason: str,
) -> Line:
    words = (" ".join(name for name in names if name) or "–" for names in (truth, answer))
    return (of, kind, what, address, *words, "–" if confidence is None else f"{confidence:.2f}", reason)
