"""Photographs with truth beside them: exact texts of Karez against the plain call of zxing-cpp, folder by folder."""

from collections.abc import Iterator
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
from karez.domain.frames import PICTURE_ENDINGS


@dataclass(frozen=True, slots=True)
class Missed:
    """A picture to be looked at: Karez did not give its text, gave others, or took a waybill where there is no truth.

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
class Tally:
    """What one of the two made of a folder.

    Attributes
    ----------
    exact
        Of the pictures with truth, how many gave the exact text.
    others
        Texts read from pictures with truth that are not the text beside them: misread, half read, or of another code
        in the photo. Which, the truth does not tell: it is one text.
    codes
        Of the pictures without truth, how many gave a code at all.
    cpu_ms
        Of each picture that was read; of one that crashed the reader nobody knows.
    """

    exact: int = 0
    others: int = 0
    codes: int = 0
    failed: int = 0
    cpu_ms: list[float] = field(default_factory=list)

    def add(self, truth: str | None, outcome: Outcome) -> None:
        """Count one picture."""
        if outcome.failed:
            self.failed += 1
            return
        self.cpu_ms.append(outcome.cpu_ms)
        if truth is None:
            self.codes += bool(outcome.texts)
            return
        self.exact += given(truth, outcome)
        self.others += len(other_texts(truth, outcome))

    @property
    def median_ms(self) -> float | None:
        """Median processor time of a picture that was read."""
        return percentile(self.cpu_ms, 50)


@dataclass(slots=True)
class FolderResult:
    """One folder.

    Attributes
    ----------
    with_truth
        Pictures with a ``.txt`` beside them.
    without_truth
        Pictures without (false positives).
    missed
        Pictures with truth whose text Karez did not give.
    with_others
        Pictures with truth of which Karez gave other texts.
    accepted
        Pictures without truth that gave Karez a waybill.
    """

    folder: str
    with_truth: int = 0
    without_truth: int = 0
    karez: Tally = field(default_factory=Tally)
    plain: Tally = field(default_factory=Tally)
    missed: list[Missed] = field(default_factory=list)
    with_others: list[Missed] = field(default_factory=list)
    accepted: list[Missed] = field(default_factory=list)


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
        if path.suffix.lower() in PICTURE_ENDINGS and path.is_file():
            found.setdefault(path.parent, []).append(path)
    if not found:
        endings = " ".join(sorted(PICTURE_ENDINGS))
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
                _draw(result, drawer)
            yield result


def _draw(result: FolderResult, drawer: SubjectProcess) -> None:
    for kept in (result.missed, result.with_others, result.accepted):
        pictures = with_findings(drawer, [each.path for each in kept], lambda _: None)
        kept[:] = [replace(each, picture=picture) for each, picture in zip(kept, pictures, strict=True)]


def _count(result: FolderResult, picture: Path, karez: Outcome, plain: Outcome) -> None:
    truth = truth_of(picture)
    result.karez.add(truth, karez)
    result.plain.add(truth, plain)
    seen = Missed(picture, truth, karez)
    if truth is None:
        result.without_truth += 1
        result.accepted += [seen] if karez.waybill is not None else []
        return
    result.with_truth += 1
    result.missed += [] if given(truth, karez) else [seen]
    result.with_others += [seen] if other_texts(truth, karez) else []


def given(truth: str, outcome: Outcome) -> bool:
    """Say whether one of the codes holds the text beside the picture."""
    return any(_is(truth, text) for text in outcome.texts)


def other_texts(truth: str, outcome: Outcome) -> list[str]:
    """List the texts, each once, that are not the text beside the picture."""
    return [text for text in dict.fromkeys(outcome.texts) if not _is(truth, text)]


def _is(truth: str, text: str) -> bool:
    """Compare a text with the file beside its picture; a line feed at the file's end may be the editor's."""
    return text in (truth, truth.removesuffix("\n"), truth.strip())


def truth_of(picture: Path) -> str | None:
    """Give the text that stands beside a picture; ``None`` where there is none."""
    beside = picture.with_suffix(".txt")
    return beside.read_bytes().decode("utf-8", errors="replace") if beside.is_file() else None
