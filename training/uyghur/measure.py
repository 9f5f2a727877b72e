"""Measure readers of Uyghur lines: exact lines and wrong characters, by condition, typeface and kind of names."""

import argparse
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from karez.reading import networks
from karez.reading.uyghur import LINE_HEIGHT_PX, decoded, prepared
from karez.reading.uyghur_letters import normalised
from karez.reading.uyghur_lexicon import Lexicon
from uyghur.faces import HELD_OUT, face
from uyghur.lines import LineMaker, readable, written
from uyghur.printing import Grey, print_line
from uyghur.wear import Wear, worn

SEEN_FACES = ("UKIJTuT.ttf", "UKIJTuzBold.ttf", "UKIJEkran.ttf", "NotoSansArabic-Regular.ttf")
CONDITIONS: Mapping[str, Wear] = {
    "5 px/mm": Wear((18.0, 23.0), 0.6, (0.4, 0.6), 0.0, (0.8, 1.0), (1.0, 2.0), 0.0, 0.15),
    "3 px/mm": Wear((11.0, 14.0), 0.6, (0.4, 0.6), 0.0, (0.8, 1.0), (1.0, 2.0), 0.0, 0.15),
    "typical": Wear((17.0, 27.0), 1.0, (0.4, 1.0), 0.08, (0.4, 1.0), (1.0, 3.0), 0.3, 0.2),
    "hard": Wear((17.0, 27.0), 1.5, (0.6, 1.2), 0.12, (0.15, 0.5), (3.0, 6.0), 0.8, 0.2),
}
"""Lengths as the simulated hall's conditions give them, for letters of 3.7 to 4.6 mm."""

Read = Callable[[Grey], str]


class Truth(NamedTuple):
    """A line to read, and what is known of it."""

    pixels: Grey
    text: str
    condition: str
    face: str
    known_names: bool


class Score:
    """Counts of one reader on one kind of lines."""

    def __init__(self) -> None:
        self.lines = self.exact = self.wrong = self.characters = 0

    def add(self, text: str, read: str) -> None:
        """Count one line."""
        self.lines += 1
        self.exact += text == read
        self.wrong += min(distance(text, read), len(text))
        self.characters += len(text)

    def __str__(self) -> str:
        exact, wrong = 100 * self.exact / max(1, self.lines), 100 * self.wrong / max(1, self.characters)
        return f"{exact:5.1f} % exact {wrong:5.2f} % wrong of {self.lines}"


def truths(count: int, seed: int) -> Iterator[Truth]:
    """Make ``count`` lines for each condition and each of: known names or made-up ones, a seen face or an unseen."""
    makers = {known: LineMaker(34, known_share=float(known), other_kinds=False) for known in (True, False)}
    for number, (condition, wear) in enumerate(CONDITIONS.items()):
        for known, maker in makers.items():
            for seen_face in (True, False):
                rng = np.random.default_rng([seed, number, known, seen_face])
                faces = SEEN_FACES if seen_face else HELD_OUT
                made = 0
                while made < count:
                    line = maker(rng)
                    name = faces[int(rng.integers(len(faces)))]
                    printed = print_line(line, face(name), int(rng.choice((30, 32, 34, 37))), rng) if line else None
                    pixels = worn(printed, wear, rng) if printed else None
                    text = normalised(written(line))
                    if pixels is not None and len(readable(line)) == len(text):
                        yield Truth(pixels, text, condition, name.removesuffix(".ttf"), known)
                        made += 1


def distance(one: str, other: str) -> int:
    """Count the insertions, deletions and replacements between two texts."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        above, row = row, [i]
        for j, b in enumerate(other, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (a != b)))
    return row[-1]


def our_own(path: Path, lexicon: Lexicon) -> Read:
    """Read with an exported network."""
    network = networks.compiled(path.read_bytes(), "auto")

    def read(line: Grey) -> str:
        batch, frames = prepared(line)
        return decoded(network(batch)[0, :frames], lexicon).text

    return read


def tesseract(tessdata: Path, model: str = "uig") -> Read:
    """Read with Tesseract, at the line height where it reads best."""
    import tesserocr

    engine = tesserocr.PyTessBaseAPI(path=str(tessdata), lang=model, psm=tesserocr.PSM.RAW_LINE)

    def read(line: Grey) -> str:
        zoom = 60 / LINE_HEIGHT_PX
        large = cv2.resize(line, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_CUBIC)
        engine.SetImageBytes(large.tobytes(), large.shape[1], large.shape[0], 1, large.shape[1])
        return normalised(engine.GetUTF8Text())

    return read


def main() -> None:
    """Print the table for an exported network, and for Tesseract where ``--tessdata`` names its models' folder."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("onnx", type=Path)
    parser.add_argument("--tessdata", type=Path)
    parser.add_argument("--lines", type=int, default=50, help="of each kind")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    lines = list(truths(options.lines, options.seed))
    readers = {
        "our own": our_own(options.onnx, Lexicon.shipped()),
        "our own, no lexicon": our_own(options.onnx, Lexicon(())),
    }
    if options.tessdata:
        readers["Tesseract"] = tesseract(options.tessdata)
    for name, read in readers.items():
        _report(name, read, lines)


def _report(name: str, read: Read, lines: list[Truth]) -> None:
    scores: dict[tuple[str, str], Score] = {}
    spent = 0.0
    for truth in lines:
        started = time.process_time()
        text = read(truth.pixels)
        spent += time.process_time() - started
        of_names = "known names" if truth.known_names else "made-up names"
        unseen = f"{truth.face}.ttf" in HELD_OUT
        for kind in ("all", "unseen faces" if unseen else "seen faces", of_names, truth.face):
            scores.setdefault((truth.condition, kind), Score()).add(truth.text, text)
    print(f"{name}: {1000 * spent / len(lines):.1f} ms of CPU a line")
    for (condition, kind), score in sorted(scores.items()):
        print(f"  {condition:8} {kind:24} {score}")


if __name__ == "__main__":
    main()
