"""Pictures that fell short, with what Karez finds drawn on them, by a process that they may kill."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from karez.bench.workers import SubjectProcess


def with_findings(drawer: SubjectProcess, pictures: Sequence[Path], step: Callable[[int], None]) -> Iterator[bytes]:
    """Give each picture as a JPEG with what is found drawn on it; the file itself where its drawer dies."""
    for done, picture in enumerate(pictures, 1):
        yield drawer.read(picture).drawn or picture.read_bytes()
        step(done)
