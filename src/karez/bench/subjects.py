"""The subjects of the reading bench by name: Karez in its several uses, and its peers."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import cv2
import numpy as np

from karez.bench.outcome import Outcome
from karez.bench.peers import PlainZxing, RapidOcr
from karez.domain.frames import Frame
from karez.domain.reading import NoRead, Reading
from karez.reading.overlay import draw
from karez.reading.reader import Reader, Text
from karez.reading.waybills import WaybillRules
from karez.settings import ReadingSection

Subject = Callable[[bytes], Outcome]

KAREZ, CODES, MIXED, SAMPLES = "karez", "karez-codes", "karez-mixed", "karez-samples"
DRAWING = "karez-drawing"

_PAGE_PX = 1200  # longest side of a picture on the page
ZXING, RAPIDOCR, PLAIN = "zxing-cpp", "rapidocr", "zxing-cpp-plain"


class Karez:
    """Karez on one picture, nothing pre-advised; ``text`` as `Reader.read` takes it."""

    def __init__(self, rules: WaybillRules, text: Text, warm: bool = True) -> None:
        self._reader, self._rules, self._text = Reader(ReadingSection()), rules, text
        if warm and text != "never":
            self._reader.warm_up()

    def __call__(self, picture: bytes) -> Outcome:
        """Read one picture; in ``"auto"`` the address block is wanted whatever the codes tell."""
        return _told(self._found(Frame(picture)))

    def drawn(self, picture: bytes) -> bytes:
        """Draw what is found on a picture."""
        frame = Frame(picture)
        return draw(frame, self._found(frame))

    def _found(self, frame: Frame) -> Reading | NoRead:
        return self._reader.read([frame], self._rules, text=self._text, suffices=_with_address)


def _told(found: Reading | NoRead) -> Outcome:
    seen = dict.fromkeys(number for label in found.labels for number in label.waybills)
    texts, lines = tuple(code.text for code in found.codes), tuple(line.text for line in found.lines)
    if isinstance(found, NoRead):
        seen.update(dict.fromkeys(found.candidates))
        return Outcome(None, tuple(seen), texts, lines, why=f"{found.reason}: {found.explanation}")
    return Outcome(found.waybill.value, tuple(dict.fromkeys([found.waybill.value, *seen])), texts, lines)


class Drawing:
    """Karez once more, on pictures that fell short: draws what it finds, and is not measured."""

    def __init__(self, rules: WaybillRules) -> None:
        self._karez = Karez(rules, "always", warm=False)

    def __call__(self, picture: bytes) -> Outcome:
        """Read one picture and draw."""
        drawn = cv2.imdecode(np.frombuffer(self._karez.drawn(picture), np.uint8), cv2.IMREAD_COLOR)
        if drawn is None:
            return Outcome(why="Nothing can be drawn on it.")
        scale = min(1.0, _PAGE_PX / max(drawn.shape[:2]))
        small = cv2.resize(drawn, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        return Outcome(drawn=cv2.imencode(".jpg", small, (cv2.IMWRITE_JPEG_QUALITY, 80))[1].tobytes())


class Mixed:
    """Karez as a worker of the hub: the codes of every picture, the address block of one in ``every``."""

    def __init__(self, rules: WaybillRules, every: int = 5) -> None:
        self._codes, self._block = Karez(rules, "never"), Karez(rules, "auto")
        self._every, self._count = every, 0

    def __call__(self, picture: bytes) -> Outcome:
        """Read one picture."""
        self._count += 1
        return (self._codes if self._count % self._every else self._block)(picture)


def _with_address(reading: Reading) -> bool:
    return reading.address is not None


def _rules() -> WaybillRules:
    return WaybillRules(ReadingSection().companies, lambda _: False)


MAKERS: Mapping[str, Callable[[], Subject]] = {
    KAREZ: lambda: Karez(_rules(), "always"),
    CODES: lambda: Karez(_rules(), "never"),
    MIXED: lambda: Mixed(_rules()),
    SAMPLES: lambda: Karez(_rules(), "always", warm=False),
    DRAWING: lambda: Drawing(_rules()),
    ZXING: lambda: PlainZxing(_rules()),
    PLAIN: lambda: PlainZxing(_rules(), samples=True),
    RAPIDOCR: lambda: RapidOcr(_rules()),
}
"""Makes a subject inside the process it runs in."""


def timed(subject: Subject, picture: bytes) -> Outcome:
    """Read one picture and note the processor time of this process (all its threads)."""
    started = time.process_time()
    outcome = subject(picture)
    return replace(outcome, cpu_ms=(time.process_time() - started) * 1000)
