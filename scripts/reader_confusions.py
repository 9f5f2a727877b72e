"""Measure which characters the reader takes for which, on drawn address lines, for the noise of `karez bench address`.

    python scripts/reader_confusions.py --seed 20261126 --pages 500 src/karez/bench/data/reader_confusions.tsv

A page holds twelve address lines of the whole country (places of the gazetteer, invented numbers), printed like those
of a label and photographed as in the bench's scenes "hard", without tilt, folds and glare: blurred, moving, dark,
noisy; three in ten on a worn print. Detector, line reader and second opinion read it as they read a label; a line
counts where exactly one place was found on it and its text was read with enough confidence to be kept.
"""

import argparse
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from karez.address.gazetteer import Gazetteer
from karez.address.places import Level, Place
from karez.bench.scoring import plain
from karez.reading.line_reader import LineReader, Lines, Sheet
from karez.reading.text_lines import Detector
from karez.reading.views import Region, View
from karez.simulation.conditions import Conditions
from karez.simulation.label_layout import Label
from karez.simulation.optics import expose
from karez.simulation.scenes.thermal import faded
from karez.simulation.sheet import Sheet as Paper

LINES, LINE_CHARACTERS = 12, 16
PAGE_MM, MARGIN_MM, PITCH_MM, DOTS_PER_MM = (80.0, 78.0), 5.0, 6.0, 12.0
EM_MM = (3.3, 4.2)
WORN_SHARE = 0.3
STREETS = ("人民路", "建设路", "文化路", "解放北路", "友谊路", "迎宾大道", "团结路", "光明街", "和平路", "滨河路")
ESTATES = ("阳光小区", "幸福花园", "金色家园", "安居小区", "锦绣苑", "祥和小区", "丽景苑", "康乐家园")


@dataclass(slots=True)
class Counts:
    """What was printed, and how it was read."""

    printed: Counter[str] = field(default_factory=Counter)
    replaced: Counter[tuple[str, str]] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    added: Counter[str] = field(default_factory=Counter)
    lines: int = 0
    left_out: int = 0

    def add(self, truth: str, read: str) -> None:
        """Align a line with its reading and count the differences."""
        self.lines += 1
        self.printed.update(truth)
        for kind, from_, to in Levenshtein.editops(truth, read).as_list():
            if kind == "replace":
                self.replaced[truth[from_], read[to]] += 1
            elif kind == "delete":
                self.lost[truth[from_]] += 1
            else:
                self.added[read[to]] += 1


class Addresses:
    """Draws addresses of the whole country, every county as likely as any other."""

    def __init__(self, gazetteer: Gazetteer, rng: Random) -> None:
        self._gazetteer, self._rng = gazetteer, rng
        self._counties = [place for place in gazetteer.places if place.level == Level.COUNTY]

    def line(self) -> str:
        """Give one line as it is wrapped on a label: the beginning of an address, or what follows it."""
        words = self._address()
        start = 0 if self._rng.random() < 0.7 else self._rng.randrange(max(1, len(words) - 6))
        return words[start : start + LINE_CHARACTERS]

    def _address(self) -> str:
        rng, county = self._rng, self._rng.choice(self._counties)
        above = [self._gazetteer.name_above(county.id, level) or "" for level in (Level.PROVINCE, Level.PREFECTURE)]
        number = f"{rng.choice(STREETS)}{rng.randint(1, 380)}号{rng.choice(ESTATES)}{rng.randint(1, 28)}号楼"
        return f"{above[0]}{above[1]}{county.name}{self._township(county)}{number}"

    def _township(self, county: Place) -> str:
        below = [self._gazetteer.places[each] for each in self._gazetteer.children(county.id)]
        return self._rng.choice(below).name if below else ""


def shot_of(rng: np.random.Generator) -> Conditions:
    """Draw how the picture is taken."""
    return Conditions(
        angle_deg=float(rng.uniform(-2, 2)),
        tilt_deg=0.0,
        tilt_axis_deg=0.0,
        px_per_mm=float(rng.uniform(4.5, 6.0)),
        motion_mm=float(rng.uniform(0.1, 0.5)),
        defocus_px=float(rng.uniform(0.6, 1.3)),
        light=float(rng.uniform(0.15, 0.5)),
        noise=float(rng.uniform(3, 6)),
        creases=0,
        glares=0,
        glare_peak=0.0,
        surface="white bag",
        damage="",
    )


def page(lines: list[str], shot: Conditions, rng: np.random.Generator) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Print and photograph a page; with the map from its millimetres to the picture's pixels."""
    paper = Paper(*PAGE_MM, DOTS_PER_MM)
    em_mm, face = float(rng.uniform(*EM_MM)), str(rng.choice(["zh", "zh-bold"]))
    for row, line in enumerate(lines):
        paper.text((MARGIN_MM, MARGIN_MM + row * PITCH_MM), line, em_mm, face)
    print_px = paper.pixels()[:, :, ::-1]
    if rng.random() < WORN_SHARE:
        print_px = faded(print_px, Label(print_px, DOTS_PER_MM, *PAGE_MM), rng)
    size = tuple(round(side * shot.px_per_mm) for side in PAGE_MM)
    to_picture = cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), shot.angle_deg, 1.0)
    small = cv2.resize(print_px, size, interpolation=cv2.INTER_AREA)
    turned = cv2.warpAffine(small, to_picture, size, flags=cv2.INTER_CUBIC, borderValue=(236, 236, 236))
    grey = cv2.cvtColor(expose(turned, shot, rng), cv2.COLOR_BGR2GRAY)
    return grey, to_picture @ np.diag([shot.px_per_mm, shot.px_per_mm, 1.0])


def count(lines: list[str], shot: Conditions, rng: np.random.Generator, read: "PageReader", counts: Counts) -> None:
    """Draw and read one page, and count."""
    picture, to_picture = page(lines, shot, rng)
    found = read(picture)
    for row, line in enumerate(lines):
        middle = to_picture @ (PAGE_MM[0] / 4, MARGIN_MM + row * PITCH_MM + EM_MM[0] / 2, 1.0)
        on_it = [text for place, text in found if abs(place.y - middle[1]) < PITCH_MM * shot.px_per_mm / 2]
        text = plain(on_it[0], "Hans") if len(on_it) == 1 else ""
        if len(text) * 2 < len(line):  # parted by the detector, not found, or not kept
            counts.left_out += 1
        else:
            counts.add(plain(line, "Hans"), text)


class PageReader:
    """Reads a page as the reader reads an upright label."""

    def __init__(self) -> None:
        self._detect, self._lines = Detector("auto"), LineReader("auto")

    def __call__(self, picture: NDArray[np.uint8]) -> list[tuple[Region, str]]:
        """Give the places that hold text, each with what it says."""
        places, known = self._detect(picture), Lines()
        sheet = Sheet(picture, View(picture, np.eye(3)), places, places)
        self._lines.read(sheet, range(len(places)), known, lambda: False)
        self._lines.read_again(list(range(len(places))), known, len(places), lambda: False)
        return [(places[index], line.text.text) for index, line in known.items() if line.holds_text]


def write(path: Path, counts: Counts, seed: int) -> None:
    """Write the counts: totals, then one row a confusion, a loss (nothing read) or an addition (nothing printed)."""
    total = sum(counts.printed.values())
    errors = (sum(counts.replaced.values()), sum(counts.lost.values()), sum(counts.added.values()))
    head = [
        "# What the reader takes for what: counted by scripts/reader_confusions.py, described there.",
        f"# seed {seed}; {counts.lines} lines, {counts.left_out} left out; {total} characters printed;",
        f"# replaced {errors[0]}, lost {errors[1]}, added {errors[2]}",
        "printed\tread\tcount\tof",
    ]
    rows = [(printed, read, n, counts.printed[printed]) for (printed, read), n in counts.replaced.items()]
    rows += [(printed, "", n, counts.printed[printed]) for printed, n in counts.lost.items()]
    rows += [("", read, n, total) for read, n in counts.added.items()]
    rows.sort(key=lambda row: (-row[2], row[0], row[1]))
    path.write_text("\n".join([*head, *("\t".join(map(str, row)) for row in rows)]) + "\n", "utf-8")


def main() -> None:
    """Measure and write."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, required=True)
    asked.add_argument("--pages", type=int, default=500)
    asked.add_argument("file", type=Path)
    given = asked.parse_args()
    cv2.setNumThreads(1)
    addresses, read, counts = Addresses(Gazetteer.load(), Random(given.seed)), PageReader(), Counts()
    for number in range(given.pages):
        rng = np.random.default_rng([given.seed, number])
        count([addresses.line() for _ in range(LINES)], shot_of(rng), rng, read, counts)
        if (number + 1) % 25 == 0:
            print(number + 1, "pages,", counts.lines, "lines", flush=True)
    write(given.file, counts, given.seed)


if __name__ == "__main__":
    main()
