"""The reader: frames in, a reading or a no-read out. One per process, one thread, engines loaded once and late."""

import time
from collections.abc import Callable, Sequence
from typing import Literal

import cv2

from karez.domain.errors import KarezError
from karez.domain.frames import Frame
from karez.domain.reading import Code, Found, Line, NoRead, NoReadReason, Reading, Source, SourceKind
from karez.reading import barcodes, locating, pictures, recipients, sort_codes, verdicts
from karez.reading.label_text import Field, LabelText, PrintedLine
from karez.reading.verdicts import Accepted, Refused
from karez.reading.waybills import WaybillRules
from karez.settings import ReadingSection

Text = Literal["always", "auto", "never"]


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
        suffices: Callable[[Reading], bool] | None = None,
        deadline: Callable[[], bool] | None = None,
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

        Returns
        -------
        A reading, or a no-read with its reason. Bad pictures are values: nothing they hold makes this raise.

        Raises
        ------
        MissingPart
            If text is wanted and weights, an engine or the Uyghur model are not installed.
        """
        started = self._clock()
        late = deadline or _never
        work = _Work(rules, late)
        try:
            verdict = self._read(work, frames, text, suffices or _has_sort_code)
        except KarezError:
            raise  # something is not installed: no fault of the picture
        except Exception as error:
            # A picture that makes a library stumble must not stop the reader; the hub sets it aside.
            verdict = Refused(NoReadReason.READER_FAILED, f"The reader failed on it ({type(error).__name__}).")
        return work.result(verdict, (self._clock() - started) * 1000)

    def _read(
        self, work: "_Work", frames: Sequence[Frame], text: Text, suffices: Callable[[Reading], bool]
    ) -> Accepted | Refused:
        undecodable = work.decode(frames, self._settings.max_megapixels)
        if undecodable is not None:
            return Refused(undecodable.reason, undecodable.explanation)
        verdict = work.read_codes()
        if text == "never" or (text == "auto" and work.content(verdict, suffices)):
            return verdict
        for index in work.pictures:
            if work.late():
                break
            work.read_text(index, self._label_text())
            verdict = work.verdict()
            if text == "auto" and work.content(verdict, suffices):
                break
        return work.verdict()

    def _label_text(self) -> LabelText:
        if self._text is None:
            self._text = LabelText(self._settings.engine, self._settings.tessdata)
        return self._text


def _never() -> bool:
    return False


def _has_sort_code(reading: Reading) -> bool:
    return reading.sort_code is not None


class _Work:
    """What is known so far about one parcel."""

    def __init__(self, rules: WaybillRules, late: Callable[[], bool]) -> None:
        self.rules, self.late = rules, late
        self.pictures: dict[int, pictures.Grey] = {}
        self._layouts: dict[int, locating.Layout] = {}
        self._codes: list[tuple[int, Code]] = []
        self._lines: list[tuple[int, PrintedLine]] = []

    def decode(self, frames: Sequence[Frame], max_megapixels: float) -> pictures.Undecodable | None:
        """Decode what can be decoded; if nothing can, say why of the first."""
        first: pictures.Undecodable | None = None
        for index, frame in enumerate(frames):
            grey = pictures.decode(frame.data, max_megapixels)
            if isinstance(grey, pictures.Undecodable):
                first = first or grey
            else:
                self.pictures[index] = grey
        if self.pictures:
            return None
        return first or pictures.Undecodable(NoReadReason.NO_PICTURE, "No picture came.")

    def read_codes(self) -> Accepted | Refused:
        """Decode the codes of each frame until a waybill is certain."""
        for index, picture in self.pictures.items():
            self._layouts[index] = locating.locate(picture)
            before = list(self._codes)

            def enough(codes: Sequence[Code], before: list[tuple[int, Code]] = before, index: int = index) -> bool:
                mentions = verdicts.code_mentions([*before, *((index, code) for code in codes)], self.rules)
                return isinstance(verdicts.judge(mentions, self.rules, ()), Accepted)

            found = barcodes.cascade(picture, self._layouts[index], enough, self.late)
            self._codes += [(index, code) for code in found]
            verdict = self.verdict()
            if isinstance(verdict, Accepted) or self.late():
                return verdict
        return self.verdict()

    def read_text(self, index: int, label_text: LabelText) -> None:
        """Read the lines of one frame."""
        codes = [code for frame, code in self._codes if frame == index]
        picture = self.pictures[index]
        layout = self._layouts.get(index) or locating.locate(picture)
        self._lines += [(index, line) for line in label_text(picture, layout, codes, self.late)]

    def verdict(self) -> Accepted | Refused:
        """Judge what was found."""
        if not self._codes and not self._lines and not self.late():
            return Refused(NoReadReason.NO_LABEL, "Neither a code nor text was found in the picture.")
        lines = [(frame, printed.line) for frame, printed in self._lines]
        goods = verdicts.goods_numbers(code for _, code in self._codes)
        mentions = verdicts.code_mentions(self._codes, self.rules)
        mentions += verdicts.line_mentions(lines, self.rules, goods)
        texts = [*(line.text for _, line in lines), *(code.text for _, code in self._codes)]
        return verdicts.judge(mentions, self.rules, texts, self.late())

    def content(self, verdict: Accepted | Refused, suffices: Callable[[Reading], bool]) -> bool:
        """Say whether what is known so far is enough to go on with."""
        if isinstance(verdict, Refused):
            return False
        reading = self.result(verdict, 0.0)
        return isinstance(reading, Reading) and suffices(reading)

    def result(self, verdict: Accepted | Refused, ms: float) -> Reading | NoRead:
        """Put together what leaves the room."""
        codes = tuple(code for _, code in self._codes)
        lines: tuple[Line, ...] = tuple(printed.line for _, printed in self._lines)
        sort_code, address, ms = self._sort_code(), self._address(), round(ms, 2)
        if isinstance(verdict, Accepted):
            waybill = Found(verdict.number, verdict.source, verdict.confidence)
            return Reading(waybill, verdict.company, sort_code, address, codes, lines, ms)
        return NoRead(verdict.reason, verdict.explanation, verdict.candidates, sort_code, address, codes, lines, ms)

    def _sort_code(self) -> Found | None:
        for frame in self.pictures:
            found = self._field(frame, sort_codes.sort_code)
            if found is not None:
                return found
        for index, (frame, code) in enumerate(self._codes):
            value = sort_codes.sort_code_in(code.text)
            if value is not None:
                return Found(value, Source(SourceKind.CODE, frame, (index,)), 0.99)
        return None

    def _address(self) -> Found | None:
        found = [self._field(frame, recipients.recipient_address) for frame in self.pictures]
        return max((field for field in found if field), key=lambda field: field.confidence, default=None)

    def _field(self, frame: int, find: Callable[[Sequence[PrintedLine]], Field | None]) -> Found | None:
        """Look for a field among the lines of one frame; positions count over all frames."""
        positions = [position for position, (owner, _) in enumerate(self._lines) if owner == frame]
        field = find([self._lines[position][1] for position in positions])
        if field is None:
            return None
        indices = tuple(positions[line] for line in field.lines)
        return Found(field.value, Source(SourceKind.LINE, frame, indices), field.confidence)
