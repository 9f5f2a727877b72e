"""The reader: frames in, a reading or a no-read out. One per process, one thread, engines loaded once and late."""

import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import cv2

from karez.domain.errors import KarezError
from karez.domain.frames import Frame
from karez.domain.reading import Code, NoRead, NoReadReason, Reading
from karez.reading import code_reading, neighbours
from karez.reading.findings import Findings
from karez.reading.label_text import LabelText, Scope
from karez.reading.verdicts import Accepted, Refused
from karez.reading.waybills import WaybillRules
from karez.settings import ReadingSection

Text = Literal["always", "auto", "never"]
Suffices = Callable[[Reading], bool]


class Reader:
    """Reads pictures of parcels.

    Parameters
    ----------
    settings
        The reading section.
    clock
        Seconds, monotonic; only for the ``ms`` of results.
    """

    def __init__(self, settings: ReadingSection, clock: Callable[[], float] = time.perf_counter) -> None:
        self._settings, self._clock = settings, clock
        self._text: LabelText | None = None
        cv2.setNumThreads(1)
        cv2.utils.logging.setLogLevel(
            cv2.utils.logging.LOG_LEVEL_SILENT
        )  # what a broken picture makes OpenCV print is said by the no-read's reason

    def warm_up(self) -> None:
        """Load and compile the text models, so that the first parcel does not wait for it (about a second).

        Raises
        ------
        MissingPart
            If weights, an engine or the Uyghur model are not installed.
        """
        self._label_text().warm_up()

    def read(
        self,
        frames: Sequence[Frame],
        rules: WaybillRules,
        text: Text = "always",
        suffices: Suffices | None = None,
        deadline: Callable[[], bool] | None = None,
        codes: Sequence[Code] | None = None,
        leave_text: Callable[[], bool] | None = None,
    ) -> Reading | NoRead:
        """Read one parcel from one or several frames.

        Parameters
        ----------
        frames
            Pictures of the same parcel.
        rules
            Companies served, and the pre-advice.
        text
            ``"auto"`` reads text only if the codes gave no waybill, or ``suffices`` says that they do not suffice.
        suffices
            Judges a reading from codes; without it a waybill and a sort code suffice.
        deadline
            Says that time is up; asked between stages.
        codes
            What an earlier call found in the same frames: codes are not looked for again.
        leave_text
            Asked once, when text is wanted: ``True`` leaves it for another call, and what the codes told is returned.

        Returns
        -------
        A reading, or a no-read with its reason. Bad pictures are values: nothing they hold makes this raise.

        Raises
        ------
        MissingPart
            If text is wanted and weights, an engine or the Uyghur model are not installed.
        """
        started = self._clock()
        findings = Findings(rules, deadline or _never, self._settings.px_per_mm)
        try:
            undecodable = findings.decode(frames, self._settings.max_megapixels)
            if undecodable is not None:
                verdict: Accepted | Refused = Refused(undecodable.reason, undecodable.explanation)
            else:
                verdict = self._read(findings, text, suffices or _has_sort_code, codes, leave_text or _never)
        except KarezError:
            raise  # something is not installed: no fault of the picture
        except Exception as error:  # a picture that makes a library stumble must not stop the reader: it is set aside
            verdict = _failed(error)
        return self._result(findings, verdict, started)

    def _result(self, findings: Findings, verdict: Accepted | Refused, started: float) -> Reading | NoRead:
        """Put together what was found; of a picture that makes even that fail, nothing is kept."""
        try:
            return findings.result(verdict, (self._clock() - started) * 1000)
        except Exception as error:  # memory may be short for this too; the reader must outlive it
            failed = _failed(error)
            return NoRead(failed.reason, failed.explanation, ms=(self._clock() - started) * 1000)

    def _read(
        self,
        findings: Findings,
        text: Text,
        suffices: Suffices,
        known: Sequence[Code] | None,
        leave_text: Callable[[], bool],
    ) -> Accepted | Refused:
        verdict = code_reading.read_codes(findings, known)
        if text == "never" or (text == "auto" and _content(findings, verdict, suffices)):
            return verdict
        if leave_text():
            return _without_text(findings, verdict)
        while not (text == "auto" and _content(findings, verdict, suffices)):
            unread = next(_unread(findings, verdict), None)
            if unread is None or findings.late():
                break
            self._read_text(findings, *unread, _scope(findings, verdict, unread) if text == "auto" else "all")
            verdict = findings.verdict()
        return _beside_a_stranger(findings, _without_text(findings, findings.verdict()))

    def _read_text(self, findings: Findings, frame: int, label: int, scope: Scope) -> None:
        """Read the lines of one label; of the whole picture where it shows none."""
        layout, labels = findings.layout(frame), findings.labels_of(frame)
        seen = [code for code in findings.codes if code.frame == frame]
        one = layout.only(labels[label]) if labels else layout
        lines = self._label_text()(findings.pictures[frame], one, seen, findings.late, scope)
        findings.add_lines(frame, label, lines)

    def _label_text(self) -> LabelText:
        if self._text is None:
            self._text = LabelText(self._settings.engine)
        return self._text


def _unread(findings: Findings, verdict: Accepted | Refused) -> Iterator[tuple[int, int]]:
    """List labels whose text is still to be read, as (frame, label), most telling first.

    While no number is certain, every label; then the one that it stands on, and others that could be the parcel's.
    """
    for frame in findings.pictures:
        wanted: Sequence[int] = range(max(1, len(findings.labels_of(frame))))
        if isinstance(verdict, Accepted):
            own = findings.label_with(frame, verdict.number) or 0
            wanted = (own, *findings.mute_labels(frame, own))
        yield from ((frame, label) for label in wanted if (frame, label) not in findings.text_read)


def _scope(findings: Findings, verdict: Accepted | Refused, label: tuple[int, int]) -> Scope:
    """A label that carries the certain number needs no print: its recipient's block and sort code are all."""
    own = isinstance(verdict, Accepted) and findings.label_with(label[0], verdict.number) == label[1]
    return "fields" if own and not code_reading.neighbour_suspected(findings, label[0]) else "all"


def _content(findings: Findings, verdict: Accepted | Refused, suffices: Suffices) -> bool:
    """Say whether what is known so far is enough to go on with.

    It is not while another label as large has told no number and was not read: that may be the parcel's own.
    """
    if isinstance(verdict, Refused):
        return False
    if _unread_rival(findings, verdict):
        return False
    reading = findings.result(verdict, 0.0)
    return isinstance(reading, Reading) and suffices(reading)


def _unread_rival(findings: Findings, verdict: Accepted) -> bool:
    """Say whether another label as large has told no number, and its text was not read."""
    frame, own = verdict.source.frame, verdict.label
    return own is not None and any((frame, mute) not in findings.text_read for mute in findings.mute_labels(frame, own))


def _without_text(findings: Findings, verdict: Accepted | Refused) -> Accepted | Refused:
    """Withhold a number whose label may be a neighbour's, where no time was left to read the other label."""
    if isinstance(verdict, Accepted) and _unread_rival(findings, verdict):
        why = f"Another label in the picture was not read, and may be the parcel's; one carries {verdict.number}."
        return Refused(NoReadReason.TIMEOUT, why, (verdict.number,))
    return verdict


def _beside_a_stranger(findings: Findings, verdict: Accepted | Refused) -> Accepted | Refused:
    """Withhold a number beside another courier label whose own number cannot be read: that may be the parcel's."""
    if not isinstance(verdict, Accepted) or verdict.label is None or findings.rules.advised(verdict.number):
        return verdict
    frame, own, labels = verdict.source.frame, verdict.label, findings.labels_of(verdict.source.frame)
    codes = [code for code in findings.codes if (code.frame, code.label) == (frame, own)]
    strangers = (
        mute
        for mute in findings.mute_labels(frame, own)
        if findings.addresses_someone(frame, mute)
        and neighbours.apart(labels[own], labels[mute], codes, findings.px_per_mm)
    )
    if next(strangers, None) is None:
        return verdict
    why = f"Another courier label tells no number, and may be the parcel's; the one beside it carries {verdict.number}."
    return Refused(NoReadReason.UNCONFIRMED, why, (verdict.number,))


def _failed(error: Exception) -> Refused:
    return Refused(NoReadReason.READER_FAILED, f"The reader failed on it ({_where(error)}).")


def _where(error: Exception) -> str:
    """Name an error and the function of this room that it came through, without a word of what was in the picture."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/reading/" in frame.filename]
    place = f" in {frames[-1].name}, {Path(frames[-1].filename).name} {frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def _never() -> bool:
    return False


def _has_sort_code(reading: Reading) -> bool:
    return reading.sort_code is not None
