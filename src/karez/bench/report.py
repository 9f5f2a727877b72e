"""One page of HTML with everything in it: the table, and the pictures that failed with the reason why."""

import base64
from collections.abc import Iterator, Sequence
from html import escape

from karez.bench.reading import ConditionResult, Failure
from karez.bench.samples import FolderResult, Missed
from karez.bench.scoring import nearest, unread
from karez.bench.table import Table

Fact = tuple[str, str, str]
"""Head, words, and the class that they are shown in."""

_STYLE = """
body{font:15px/1.5 system-ui,"Noto Sans CJK SC",sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem}
body{color:#1d2327}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.9rem}
th,td{padding:.3rem .55rem;text-align:start;border-bottom:1px solid #d7dce0}th{background:#f1f4f6}
tr.karez td{font-weight:600}figure{margin:1.5rem 0;display:grid;grid-template-columns:minmax(0,1.4fr) 1fr;gap:1rem}
img{width:100%;height:auto;border:1px solid #ccd}dl{margin:0}dt{color:#59636b;font-size:.82rem}dd{margin:0 0 .5rem}
.wrong{color:#b3261e;font-weight:600}.note{color:#59636b}
@media(max-width:45rem){figure{grid-template-columns:1fr}}
@media(prefers-color-scheme:dark){body{background:#15191c;color:#e6eaed}th{background:#22292e}th,td{border-color:#38424a}
dt,.note{color:#9aa5ad}.wrong{color:#ff8a80}}
"""


def conditions_page(table: Table, notes: Sequence[str], results: Sequence[ConditionResult]) -> str:
    """Make the page of a run over conditions."""
    sections = [part for result in results for part in _failures(result)]
    return _page("karez bench reading", [_table(table), *map(_note, notes), *sections])


def samples_page(table: Table, notes: Sequence[str], results: Sequence[FolderResult]) -> str:
    """Make the page of a run over photographs."""
    sections = [part for result in results for part in _missed(result)]
    return _page("karez bench reading --samples", [_table(table), *map(_note, notes), *sections])


def _page(title: str, parts: Sequence[str]) -> str:
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    body = "\n".join([f"<h1>{escape(title)}</h1>", *parts])
    return f'<!doctype html><html lang="en"><head>{head}<style>{_STYLE}</style></head><body>{body}</body></html>\n'


def _table(table: Table) -> str:
    heads = "".join(f"<th>{escape(head)}</th>" for head in table.heads)
    rows = "".join(_row(row) for row in table.rows)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _row(row: tuple[str, ...]) -> str:
    mark = ' class="karez"' if "karez" in row else ""
    return f"<tr{mark}>{''.join(f'<td>{escape(word)}</td>' for word in row)}</tr>"


def _note(words: str) -> str:
    return f'<p class="note">{escape(words)}</p>'


def _failures(result: ConditionResult) -> Iterator[str]:
    if not result.failures:
        return
    yield f"<h2>{escape(result.condition)}: pictures that fell short</h2>"
    for failure in result.failures:
        yield _figure(failure.picture, _facts(failure))


def _facts(failure: Failure) -> list[Fact]:
    """Say what truly stands there, what was read, and why it fell short."""
    truth, outcome = failure.shot.truth, failure.outcome
    verdict = "a wrong number was taken" if failure.mark.wrong else "not identified"
    facts = [("picture", failure.shot.path.stem, ""), ("waybill", ", ".join(truth.waybills), "")]
    if failure.mark.wrong or not failure.mark.identified:
        facts.append(("read", f"{outcome.waybill or 'none'} – {verdict}", "wrong"))
        facts.append(("why", outcome.why or "see the codes drawn in the picture", ""))
    for line in unread(truth.lines, outcome.lines):
        facts.append(("address line", line.text, ""))
        facts.append(("nearest line read", nearest(line, outcome.lines) or "none", "wrong"))
    shot = {name: value for name, value in failure.shot.conditions.items() if value not in ("", 0, 0.0)}
    told = ", ".join(
        f"{name} {value:.2f}" if isinstance(value, float) else f"{name} {value}" for name, value in shot.items()
    )
    return [*facts, ("conditions", told, "")]


def _missed(result: FolderResult) -> Iterator[str]:
    if result.accepted:
        yield f"<h2>{escape(result.folder)}: waybills taken where there is no truth</h2>"
    yield from (_figure(each.picture, _missed_facts(each)) for each in result.accepted)
    if result.missed:
        yield f"<h2>{escape(result.folder)}: texts not read</h2>"
    yield from (_figure(each.picture, _missed_facts(each)) for each in result.missed)
    shown = {each.path for each in result.missed}
    beside = [each for each in result.with_others if each.path not in shown]
    if beside:
        yield f"<h2>{escape(result.folder)}: other texts read beside the true one</h2>"
    yield from (_figure(each.picture, _missed_facts(each)) for each in beside)


def _missed_facts(missed: Missed) -> list[Fact]:
    outcome = missed.outcome
    facts = [("picture", missed.path.name, "")]
    if missed.truth is not None:
        facts.append(("text", missed.truth, ""))
    if outcome.waybill:
        facts.append(("waybill taken", outcome.waybill, "wrong" if missed.truth is None else ""))
    facts.append(("codes", ", ".join(outcome.texts) or "none", "wrong"))
    return [*facts, ("why", outcome.why, "")] if outcome.why else facts


def _figure(picture: bytes, facts: Sequence[Fact]) -> str:
    image = f'<img alt="" src="data:image/jpeg;base64,{base64.b64encode(picture).decode("ascii")}">'
    rows = "".join(
        f'<dt>{escape(head)}</dt><dd class="{kind}" dir="auto">{escape(words)}</dd>' for head, words, kind in facts
    )
    return f"<figure>{image}<figcaption><dl>{rows}</dl></figcaption></figure>"
