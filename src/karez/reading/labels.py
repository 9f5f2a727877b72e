"""Which label of a picture each code and line stands on, and which numbers could be each label's waybill."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from karez.domain.reading import Box, Code, Label, Line
from karez.reading.locating import Layout
from karez.reading.views import Region, View, region_matrix

_LEAST_SHARE = 0.1  # of the largest label's area: smaller print is no label


def outlines(layout: Layout) -> tuple[Region, ...]:
    """List the labels of a picture, the main one first; pieces that lie on it are part of it."""
    main = layout.main_label
    if main is None:
        return ()
    apart = [label for label in layout.labels if label is not main and not main.holds(label.x, label.y)]
    return (main, *(label for label in apart if label.area >= _LEAST_SHARE * main.area))


def label_of(box: Box, labels: Sequence[Region]) -> int | None:
    """Say which label a box stands on: the smallest that holds its middle."""
    x, y = np.mean(box, axis=0)
    holding = [index for index, label in enumerate(labels) if label.holds(float(x), float(y))]
    return min(holding, key=lambda index: labels[index].area, default=None)


def region_box(region: Region) -> Box:
    """List the corners of a region in stored pixels, clockwise."""
    size = (0, 0), (region.width - 1, 0), (region.width - 1, region.height - 1), (0, region.height - 1)
    return View(np.zeros((1, 1), np.uint8), region_matrix(region, 1.0)).box(size)


@dataclass(slots=True)
class LabelIndex:
    """The labels of all frames on which something stands, in the order they leave the room."""

    labels: list[Label] = field(default_factory=list)
    _positions: dict[tuple[int, int], int] = field(default_factory=dict)

    def put(self, frame: int, index: int, box: Box, waybills: tuple[str, ...]) -> None:
        """Take in one label of a frame."""
        self._positions[frame, index] = len(self.labels)
        self.labels.append(Label(frame, box, waybills))

    def code(self, code: Code) -> Code:
        """Name a code's label by its position among the labels of the reading."""
        return code if code.label is None else replace(code, label=self._positions[code.frame, code.label])

    def line(self, line: Line) -> Line:
        """Same for a line."""
        return line if line.label is None else replace(line, label=self._positions[line.frame, line.label])
