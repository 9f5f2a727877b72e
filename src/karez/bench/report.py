"""One page of HTML with everything in it: the table, and the pictures that failed with the reason why."""

import base64
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from karez.bench.outcome import Outcome
from karez.bench.reading import ConditionResult, Failure
from karez.bench.samples import FolderResult
from karez.bench.scoring import plain
from karez.bench.table import Table
from karez.domain.frames import Frame
from karez.reading.overlay import draw
from karez.reading.reader import Reader
from karez.reading.waybills import WaybillRules
from karez.settings import ReadingSection

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
    reader = _Overlay()
    sections = [part for result in results for part in _failures(result, reader)]
    return _page("karez bench reading", [_table(table), *map(_note, notes), *sections])


def samples_page(table: Table, notes: Sequence[str], results: Sequence[FolderResult]) -> str:
    """Make the page of a run over photographs."""
    reader = _Overlay()
    sections = [part for result in results for part in _missed(result, reader)]
    return _page("karez bench reading --samples", [_table(table), *map(_note, notes), *sections])


class _Overlay:
    """Draws what Karez finds on a picture, to be looked at."""

    def __init__(self) -> None:
        self._reader = Reader(ReadingSection())
        self._rules = WaybillRules(ReadingSection().companies, lambda _: False)

    def __call__(self, picture: bytes) -> str:
        frame = Frame(picture)
        drawn = draw(frame, self._reader.read([frame], self._rules))
        return f'<img alt="" src="data:image/jpeg;base64,{base64.b64encode(drawn).decode("ascii")}">'


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


def _failures(result: ConditionResult, overlay: _Overlay) -> Iterator[str]:
    if not result.failures:
        return
    yield f"<h2>{escape(result.condition)}: pictures that fell short</h2>"
    for failure in result.failures:
        yield _figure(overlay(failure.picture), _facts(failure))


def _facts(failure: Failure) -> list[tuple[str, str, str]]:
    """Say what truly stands there, what was read, and why it fell short: (head, words, class)."""
    truth, outcome = failure.shot.truth, failure.outcome
    verdict = "a wrong number was taken" if failure.mark.wrong else "not identified"
    facts = [("picture", failure.shot.path.stem, ""), ("waybill", ", ".join(truth.waybills), "")]
    if failure.mark.wrong or not failure.mark.identified:
        facts.append(("read", f"{outcome.waybill or 'none'} – {verdict}", "wrong"))
        facts.append(("why", outcome.why or "see the codes drawn in the picture", ""))
    facts += [("address line not read exactly", words, "") for words in _unread(failure)]
    shot = {name: value for name, value in failure.shot.conditions.items() if value not in ("", 0, 0.0)}
    told = ", ".join(
        f"{name} {value:.2f}" if isinstance(value, float) else f"{name} {value}" for name, value in shot.items()
    )
    return [*facts, ("conditions", told, "")]


def _unread(failure: Failure) -> Iterator[str]:
    read = {plain(line) for line in failure.outcome.lines}
    for line in failure.shot.truth.lines:
        if plain(line.text) not in read:
            yield line.text


def _missed(result: FolderResult, overlay: _Overlay) -> Iterator[str]:
    if not result.missed:
        return
    yield f"<h2>{escape(result.folder)}: texts not read</h2>"
    for path, truth, outcome in result.missed:
        yield _figure(overlay(path.read_bytes()), _missed_facts(path, truth, outcome))


def _missed_facts(path: Path, truth: str, outcome: Outcome) -> list[tuple[str, str, str]]:
    read = ", ".join(outcome.texts) or "no code"
    return [("picture", path.name, ""), ("text", truth, ""), ("read", read, "wrong"), ("why", outcome.why, "")]


def _figure(image: str, facts: Sequence[tuple[str, str, str]]) -> str:
    rows = "".join(
        f'<dt>{escape(head)}</dt><dd class="{kind}" dir="auto">{escape(words)}</dd>' for head, words, kind in facts
    )
    return f"<figure>{image}<figcaption><dl>{rows}</dl></figcaption></figure>"
