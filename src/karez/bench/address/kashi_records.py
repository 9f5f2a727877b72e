"""The part of the address bench's record that is about the Kashi region, and its tables."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from karez.bench.address.figures import share
from karez.bench.address.handwritten import NO_COUNTY, HandMark
from karez.bench.address.kashi_bench import KashiMark
from karez.bench.address.scoring import Mark, Verdict, reliability
from karez.bench.table import Table

Record = dict[str, Any]


def drawn_record(marks: Sequence[KashiMark]) -> Record:
    """Count a drawn set: all of it, by form, by trouble, and what went wrong by kind."""
    return {
        **_counts(marks),
        "forms": _by(marks, lambda mark: mark.drawn.form),
        "troubles": _by(marks, lambda mark: mark.drawn.trouble),
        "failures": _failures(marks),
        "reliability": _reliability(marks),
    }


def _counts(marks: Sequence[KashiMark]) -> Record:
    told = [mark for mark in marks if mark.drawn.told_township]
    untold = [mark for mark in marks if not mark.drawn.told_township]
    villages = [mark for mark in marks if mark.drawn.told_village and mark.drawn.told_township]
    return {
        "n": len(marks),
        "told_county": sum(mark.drawn.told_county for mark in marks),
        "county_right": sum(mark.county_right for mark in marks if mark.drawn.told_county),
        "told_township": len(told),
        "township_right": sum(mark.township_right for mark in told),
        "township_wrong": sum(mark.township_wrong for mark in told),
        "untold_township": len(untold),
        "untold_township_guessed": sum(mark.township_wrong for mark in untold),
        "told_village": len(villages),
        "village_right": sum(mark.village_right for mark in villages),
        "sure_and_wrong": sum(mark.sure_and_wrong for mark in marks),
    }


def _by(marks: Sequence[KashiMark], kind: Callable[[KashiMark], str]) -> list[Record]:
    found: dict[str, list[KashiMark]] = {}
    for mark in marks:
        found.setdefault(kind(mark), []).append(mark)
    return [{"kind": name, **_counts(found[name])} for name in sorted(found)]


def _failures(marks: Sequence[KashiMark]) -> list[Record]:
    counted = Counter((mark.failed, mark.drawn.form, mark.drawn.trouble) for mark in marks if mark.failed)
    return [
        {"what": what, "form": form, "trouble": trouble, "n": n} for (what, form, trouble), n in counted.most_common()
    ]


def _reliability(marks: Sequence[KashiMark]) -> list[Record]:
    """Right is here: the county, and no other township than the true one."""
    verdicts = [
        Mark(
            mark.drawn.number,
            Verdict.RIGHT if mark.county_right and not mark.township_wrong else Verdict.WRONG,
            mark.drawn.told_township,
            mark.answer.confidence,
        )
        for mark in marks
    ]
    return [{"confidence": each.confidence, "n": each.n, "right": each.right} for each in reliability(verdicts)]


def drawn_table(record: Record) -> Table:
    """One row for the whole drawn set, then one for each form and each trouble."""
    heads = (
        *("Kashi, drawn", "n", "county told", "right", "township told", "right", "another"),
        *("village told", "right", "guessed", "sure and wrong"),
    )
    rows = [("all", record), *((each["kind"], each) for key in ("forms", "troubles") for each in record[key])]
    return Table(heads, [_row(name, counts) for name, counts in rows])


def _row(name: str, counts: Record) -> tuple[str, ...]:
    counties, told, villages = counts["told_county"], counts["told_township"], counts["told_village"]
    return (
        *(name, str(counts["n"]), str(counties), share(counts["county_right"], counties)),
        *(str(told), share(counts["township_right"], told), str(counts["township_wrong"])),
        *(str(villages), share(counts["village_right"], villages)),
        *(f"{counts['untold_township_guessed']} of {counts['untold_township']}", str(counts["sure_and_wrong"])),
    )


def hand_record(marks: Sequence[HandMark]) -> Record:
    """Count the addresses written by hand, and list those with something wrong."""
    townships = [mark.township_right for mark in marks if mark.township_right is not None]
    villages = [mark.village_right for mark in marks if mark.village_right is not None]
    kinds = Counter(mark.row.note.partition(":")[0] for mark in marks)
    wrong = Counter(mark.row.note.partition(":")[0] for mark in marks if not mark.is_right)
    return {
        "n": len(marks),
        "right": sum(mark.is_right for mark in marks),
        "county_right": sum(mark.county_right for mark in marks),
        "told_township": len(townships),
        "township_right": sum(townships),
        "told_village": len(villages),
        "village_right": sum(villages),
        "sure_and_wrong": sum(mark.sure_and_wrong for mark in marks),
        "kinds": [{"kind": kind, "n": n, "wrong": wrong[kind]} for kind, n in kinds.most_common()],
        "wrong": [_wrong(mark) for mark in marks if not mark.is_right],
        **_guesses(marks),
    }


def _guesses(marks: Sequence[HandMark]) -> Record:
    """Count what was given for sure where the address tells its county and nothing of that level.

    Listed is what has nothing else wrong with it.
    """
    told = [mark for mark in marks if mark.row.county != NO_COUNTY]
    return {
        "untold_township": sum(not mark.row.township for mark in told),
        "untold_township_guessed": sum(mark.township_guessed for mark in told),
        "untold_village": sum(not mark.row.village for mark in told),
        "untold_village_guessed": sum(mark.village_guessed for mark in told),
        "guessed": [_wrong(mark) for mark in told if mark.is_right and mark.failed],
    }


def _wrong(mark: HandMark) -> Record:
    row, answer = mark.row, mark.answer
    return {
        "number": row.number,
        "address": row.address,
        "truth": [row.county, row.township or None, row.village or None],
        "answer": [answer.county, answer.township, answer.village],
        "confidence": answer.confidence,
        "reason": answer.why,
        "note": row.note,
    }


def hand_table(record: Record) -> Table:
    """One row of right answers, one of guesses, and one for each address with something wrong or guessed."""
    heads = ("Kashi, by hand", "county", "township", "village", "answer", "confidence", "what it tests")
    shares = (
        share(record["county_right"], record["n"]),
        share(record["township_right"], record["told_township"]),
        share(record["village_right"], record["told_village"]),
    )
    sure = f"sure and wrong: {record['sure_and_wrong']}"
    total = (f"{record['n']} addresses, right", *shares, sure, "", "")
    townships, villages = (
        f"{record[f'untold_{level}_guessed']} of {record[f'untold_{level}']}" for level in ("township", "village")
    )
    guessed = ("where none is told, guessed", "", townships, villages, "", "", "")
    listed = (*record["wrong"], *record["guessed"])
    return Table(heads, [total, guessed, *map(_wrong_row, listed)])


def _wrong_row(wrong: Record) -> tuple[str, ...]:
    answer = " ".join(name for name in wrong["answer"] if name) or wrong["reason"]
    confidence = "–" if wrong["confidence"] is None else f"{wrong['confidence']:.2f}"
    return (wrong["address"], *(name or "–" for name in wrong["truth"]), answer, confidence, wrong["note"])
