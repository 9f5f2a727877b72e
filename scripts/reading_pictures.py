"""Draw the pictures of docs/explanation/reading.md again: what the reader finds, and how bars of a pixel are read."""

from pathlib import Path

import cv2
import numpy as np

from karez.domain.frames import Frame
from karez.reading import code128, locating, pictures, soft_code128
from karez.reading.bands import bands
from karez.reading.overlay import draw
from karez.reading.projection import projected
from karez.reading.reader import Reader
from karez.reading.views import cut
from karez.reading.waybills import WaybillRules
from karez.settings import ReadingSection
from karez.simulation.scenes import scene

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
INK, PAPER, GUIDE = (40, 34, 29), (255, 255, 255), (150, 110, 40)


def overlay(name: str, condition: str, index: int) -> None:
    """Draw what the reader finds on one scene."""
    frame = Frame(scene(condition, index, 2026).picture)
    rules = WaybillRules(ReadingSection().companies, lambda _: False)
    drawn = draw(frame, Reader(ReadingSection()).read([frame], rules))
    small = cv2.resize(cv2.imdecode(np.frombuffer(drawn, np.uint8), cv2.IMREAD_COLOR), (1200, 900))
    cv2.imwrite(str(FOLDER / name), small, [cv2.IMWRITE_JPEG_QUALITY, 78])


def soft(name: str) -> None:
    """Show a code at 3 px/mm: its pixels, the profile of all of them, and the modules that explain it."""
    grey = pictures.decode(scene("3px-mm", 3, 2026).picture, 50)
    assert not isinstance(grey, pictures.Undecodable)
    label = locating.locate(grey).main_label
    assert label is not None
    for band in bands(grey, label):
        box = band.padded(0.07 * band.width + 10, 0)
        profile = projected(grey, box)
        evidence = soft_code128.weighed_prints(profile)[:1] if profile is not None else []
        if profile is not None and evidence and soft_code128.spelled(evidence):
            rows = [_pixels(cut(grey, box).pixels), _curve(profile), _modules(evidence[0], len(profile))]
            cv2.imwrite(str(FOLDER / name), np.vstack(rows), [cv2.IMWRITE_PNG_COMPRESSION, 9])
            return


def _pixels(bars: np.ndarray) -> np.ndarray:
    """Enlarge every pixel of the middle rows, so that it can be seen."""
    middle = bars[bars.shape[0] // 2 - 14 : bars.shape[0] // 2 + 14]
    large = cv2.resize(middle, (1200, 168), interpolation=cv2.INTER_NEAREST)
    return cv2.cvtColor(large, cv2.COLOR_GRAY2BGR)


def _curve(profile: np.ndarray) -> np.ndarray:
    canvas = np.full((150, 1200, 3), PAPER, np.uint8)
    low, high = float(profile.min()), float(profile.max())
    x = np.linspace(0, 1199, len(profile))
    y = 140 - (profile - low) / (high - low) * 130
    cv2.polylines(canvas, [np.stack([x, y], axis=1).round().astype(np.int32)], False, INK, 1, cv2.LINE_AA)
    return canvas


def _modules(evidence: soft_code128.WeighedPrint, bins: int) -> np.ndarray:
    """Draw the symbols that were chosen, where they were found."""
    read = soft_code128.spelled([evidence])
    assert read is not None
    canvas = np.full((90, 1200, 3), PAPER, np.uint8)
    begin, end = sorted((evidence.left, evidence.right))
    values = soft_code128.values_of([evidence])
    modules = np.concatenate([*code128.PATTERNS[values], code128.STOP])
    width = (end - begin) / (len(values) * code128.SYMBOL_MODULES)
    for place, dark in enumerate(modules[::-1] if evidence.backwards else modules):
        start = begin + (place - (code128.STOP_MODULES if evidence.backwards else 0)) * width
        left, right = (round(at / bins * 1200) for at in (start, start + width))
        if dark:
            cv2.rectangle(canvas, (left, 4), (right - 1, 56), INK, -1)
    cv2.putText(canvas, read.text, (12, 82), cv2.FONT_HERSHEY_SIMPLEX, 0.7, GUIDE, 1, cv2.LINE_AA)
    return canvas


if __name__ == "__main__":
    overlay("reading-hard.jpg", "hard", 4)
    overlay("reading-two-labels.jpg", "two-labels", 4)
    soft("reading-soft.png")
