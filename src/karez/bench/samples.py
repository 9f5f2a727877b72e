"""Photographs with truth beside them: exact texts of Karez against the plain call of zxing-cpp, folder by folder."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from karez.bench.drawing import with_findings
from karez.bench.outcome import Outcome
from karez.bench.reading import Progress
from karez.bench.scoring import percentile
from karez.bench.subjects import DRAWING, PLAIN, SAMPLES
from karez.bench.workers import SubjectProcess
from karez.domain.errors import BadInput

_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff"})


@dataclass(frozen=True, slots=True)
class Missed:
    """A picture whose text Karez did not give, or that has no truth and gave a waybill.

    Attributes
    ----------
    truth
        The text beside it; ``None`` where there is none.
    picture
        The file; with ``drawn`` of `run`, what was found is drawn on it.
    """

    path: Path
    truth: str | None
    outcome: Outcome
    picture: bytes = b""


@dataclass(slots=True)
class FolderResult:
    """One folder.

    Attributes
    ----------
    with_truth
        Pictures with a ``.txt`` beside them.
    karez, plain
        Of those, how many gave the exact text.
    without_truth, waybills
        Pictures without (false positives), and how many of them gave Karez a waybill.
    codes
        How many of them gave a code at all: Karez, plain.
    missed
        Pictures with truth whose text Karez did not give.
    accepted
        Pictures without truth that gave Karez a waybill.
    """

    folder: str
    with_truth: int = 0
    karez: int = 0
    plain: int = 0
    without_truth: int = 0
    waybills: int = 0
    codes: tuple[int, int] = (0, 0)
    karez_ms: list[float] = field(default_factory=list)
    plain_ms: list[float] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)
    accepted: list[Missed] = field(default_factory=list)

    @property
    def medians_ms(self) -> tuple[float, float]:
        """Median processor time a picture: Karez, plain."""
        return percentile(self.karez_ms, 50), percentile(self.plain_ms, 50)


def pictures_by_folder(samples: Path) -> dict[Path, list[Path]]:
    """List the pictures under a folder, by the folder each lies in.

    Raises
    ------
    BadInput
        It is no folder, or holds no picture.
    """
    if not samples.is_dir():
        raise BadInput("it is not a folder", str(samples), "name a folder of pictures with .txt files beside them")
    found: dict[Path, list[Path]] = {}
    for path in sorted(samples.rglob("*")):
        if path.suffix.lower() in _ENDINGS and path.is_file():
            found.setdefault(path.parent, []).append(path)
    if not found:
        endings = " ".join(sorted(_ENDINGS))
        raise BadInput("there is no picture in it", str(samples), f"pictures end in {endings}")
    return found


def run(samples: Path, progress: Progress, drawn: bool = False) -> Iterator[FolderResult]:
    """Read every picture under a folder by both, folder after folder.

    Raises
    ------
    BadInput
        It is no folder, or holds no picture.
    """
    folders = pictures_by_folder(samples)
    with ExitStack() as stack:
        karez, plain = (stack.enter_context(SubjectProcess(name)) for name in (SAMPLES, PLAIN))
        drawer = stack.enter_context(SubjectProcess(DRAWING)) if drawn else None
        for folder, pictures in folders.items():
            name = str(folder.relative_to(samples))
            result = FolderResult(samples.name if name == "." else name)
            for done, picture in enumerate(pictures, 1):
                _count(result, picture, karez.read(picture), plain.read(picture))
                progress(result.folder, done, len(pictures))
            if drawer:
                result.missed, result.accepted = (_drawn(each, drawer) for each in (result.missed, result.accepted))
            yield result


def _drawn(missed: Sequence[Missed], drawer: SubjectProcess) -> list[Missed]:
    pictures = with_findings(drawer, [each.path for each in missed], lambda _: None)
    return [replace(each, picture=picture) for each, picture in zip(missed, pictures, strict=True)]


def _count(result: FolderResult, picture: Path, karez: Outcome, plain: Outcome) -> None:
    result.karez_ms.append(karez.cpu_ms)
    result.plain_ms.append(plain.cpu_ms)
    truth = truth_of(picture)
    if truth is None:
        result.without_truth += 1
        if karez.waybill is not None:
            result.waybills += 1
            result.accepted.append(Missed(picture, None, karez))
        result.codes = result.codes[0] + bool(karez.texts), result.codes[1] + bool(plain.texts)
        return
    result.with_truth += 1
    hit = _given(truth, karez)
    result.karez += hit
    result.plain += _given(truth, plain)
    if not hit:
        result.missed.append(Missed(picture, truth, karez))


def _given(truth: str, outcome: Outcome) -> bool:
    """Say whether one of the codes holds the text; a line feed at the file's end may be the editor's."""
    return any(text in (truth, truth.removesuffix("\n"), truth.strip()) for text in outcome.texts)


def truth_of(picture: Path) -> str | None:
    """Give the text that stands beside a picture; ``None`` where there is none."""
    beside = picture.with_suffix(".txt")
    return beside.read_bytes().decode("utf-8", errors="replace") if beside.is_file() else None
