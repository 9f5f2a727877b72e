"""Looks an areas file over: overlaps, holes, names that do not exist, and what is never used."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from karez.address.areas.areas import Areas
from karez.address.areas.clashes import clashes
from karez.address.areas.faults import Fault, FaultKind, told
from karez.address.areas.file import AreaFile, read_area_file
from karez.address.areas.findings import Finding, FindingKind, Weight
from karez.address.areas.holes import number_holes, township_holes, unserved
from karez.address.areas.overlaps import names_against_polygons, polygon_overlaps, shadowed_names
from karez.address.areas.unused import unused
from karez.address.gazetteer import Gazetteer
from karez.domain.errors import BadConfig

_HEAVIEST = list(Weight)
_KINDS = {
    FaultKind.UNKNOWN_NAME: FindingKind.UNKNOWN_NAME,
    FaultKind.AMBIGUOUS_NAME: FindingKind.AMBIGUOUS_NAME,
    FaultKind.EMPTY_AREA: FindingKind.EMPTY_AREA,
    FaultKind.CLASH: FindingKind.OVERLAP,
}


@dataclass(frozen=True, slots=True)
class AreaReport:
    """An areas file and what was found in it, the heaviest first, then by line.

    Attributes
    ----------
    areas
        As the hub would go by them; where places stand in two areas, the first of the file has them.
    """

    file: AreaFile
    areas: Areas
    findings: Sequence[Finding]

    @property
    def is_clean(self) -> bool:
        """Whether nothing but notes was found."""
        return all(each.weight is Weight.NOTE for each in self.findings)


def check(path: Path, gazetteer: Gazetteer) -> AreaReport:
    """Look over an areas file.

    Raises
    ------
    BadConfig
        Where the file cannot be read, or fields are not of the form that they must have; with line and field of each,
        and with all wrong names and clashes besides.
    """
    file = read_area_file(path, gazetteer)
    if any(each.kind is FaultKind.FIELD for each in file.faults):
        raise BadConfig(str(path), told([*file.faults, *clashes(file)]))
    areas = Areas(file, gazetteer)
    # What is written once for several townships is found once for each.
    found = {(each.kind, each.line, each.what): each for each in _findings(file, areas, gazetteer)}
    return AreaReport(file, areas, sorted(found.values(), key=_by_weight))


def _by_weight(finding: Finding) -> tuple[int, bool, int]:
    """Order by weight, then by line; what concerns the whole file comes last."""
    return _HEAVIEST.index(finding.weight), finding.line == 0, finding.line


def _findings(file: AreaFile, areas: Areas, gazetteer: Gazetteer) -> Iterator[Finding]:
    for fault in (*file.faults, *clashes(file)):
        yield _as_finding(fault)
    yield from polygon_overlaps(file)
    yield from names_against_polygons(file, gazetteer)
    yield from shadowed_names(file, gazetteer)
    yield from township_holes(file, areas, gazetteer)
    yield from number_holes(file, areas, gazetteer)
    yield from unserved(areas, gazetteer)
    yield from unused(file, gazetteer)


def _as_finding(fault: Fault) -> Finding:
    now = fault.now or "write it so that it means one place"
    return Finding(_KINDS[fault.kind], Weight.ERROR, fault.line, fault.areas, fault.what, now, places=fault.places)
