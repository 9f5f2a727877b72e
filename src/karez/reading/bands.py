"""Find the bars of 1D codes on a label: what still looks the same a few pixels further along.

Coherence of single cells takes small print for bars. Here a label is laid along its print, and each place is compared
with the place below it: bars agree with themselves over their whole length, print only over a stroke. Noise agrees with
nothing, so it drops out of both comparisons, and the measure holds in the dark.
"""

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

from karez.reading.pictures import Grey
from karez.reading.views import Region, View, cut

Floats = npt.NDArray[np.float32]

_NEAR_PX, _FAR_PX = 2, 10
_LIKE = 0.78  # agreement at the far distance against that at the near one
_UNLIKE = 0.7  # where a band has none of it left, it ranks last
_OF_STRONGEST = 0.15
_LEAST = 4.0  # two grey levels, squared
_WINDOW_PX = (41, 5)
_DETAIL_PX = 17  # what changes more slowly across the bars is light, not print
_NARROWEST_PX, _LOWEST_PX = 70, 6
_PADDING_PX = 6
_STRIPS = 3
_ROW_SHARE, _COLUMN_SHARE = 0.6, 0.1
_JOIN = np.ones((5, 31), np.uint8)
_CLEAR = np.ones((5, 41), np.uint8)


def bands(picture: Grey, label: Region) -> list[Region]:
    """List the bands of bars on a label, in both its directions, strongest first; their width runs across the bars."""
    found: list[tuple[float, Region]] = []
    for quarters in (0, 1):
        found += _along(cut(picture, label.turned(quarters).padded(_PADDING_PX, _PADDING_PX)), label.turned(quarters))
    found.sort(key=lambda pair: -pair[0])
    return [region for _, region in found]


def _along(view: View, label: Region) -> Iterator[tuple[float, Region]]:
    if min(view.pixels.shape) <= 2 * _FAR_PX:
        return
    grey = view.pixels.astype(np.float32)
    detail = np.asarray(grey - cv2.blur(grey, (_DETAIL_PX, 1)), np.float32)
    near, far = _agreement(detail, _NEAR_PX), _agreement(detail, _FAR_PX)
    strongest = float(np.percentile(near, 97))
    alike = (far > _LIKE * near) & (near > max(_OF_STRONGEST * strongest, _LEAST))
    joined = cv2.morphologyEx(alike.astype(np.uint8), cv2.MORPH_CLOSE, _JOIN)
    mask = np.asarray(cv2.morphologyEx(joined, cv2.MORPH_OPEN, _CLEAR), np.uint8)
    yield from _boxes(mask, near, far, view, label)


def _agreement(detail: Floats, distance_px: int) -> Floats:
    """Correlate each place with the place ``distance_px`` below it."""
    rows = detail.shape[0] - _FAR_PX
    product = cv2.multiply(detail[:rows], detail[distance_px : rows + distance_px])
    return np.asarray(cv2.blur(product, _WINDOW_PX), np.float32)


def _boxes(
    mask: npt.NDArray[np.uint8], near: Floats, far: Floats, view: View, label: Region
) -> Iterator[tuple[float, Region]]:
    count, marks, stats, _ = cv2.connectedComponentsWithStats(mask)
    for mark in range(1, count):
        left, top, width, height, _ = (int(value) for value in stats[mark])
        if width < _NARROWEST_PX or height < _LOWEST_PX:
            continue
        inside = np.s_[top : top + height, left : left + width]
        strength = np.where(marks[inside] == mark, near[inside], 0)
        for rows, columns, sum_of in _strips(strength):
            # What agrees with the place below stands half the distance further down on average.
            x = left + (columns.start + columns.stop) / 2
            y = top + (rows.start + rows.stop + _FAR_PX) / 2
            centre = view.stored_points([(x, y)])[0]
            size = columns.stop - columns.start, rows.stop - rows.start
            place = np.s_[top + rows.start : top + rows.stop, left + columns.start : left + columns.stop]
            likeness = float(far[place].sum() / max(float(near[place].sum()), 1e-6))
            yield (
                sum_of * max(likeness - _UNLIKE, 0),
                Region(float(centre[0]), float(centre[1]), *size, label.angle_deg),
            )


def _strips(strength: Floats) -> Iterator[tuple[slice, slice, float]]:
    """Cut a connected piece into runs of rows about equally strong: bars stand apart from print beside them."""
    by_row = strength.sum(axis=1)
    for _ in range(_STRIPS):
        rows = _run(by_row, _ROW_SHARE)
        by_column = strength[rows].sum(axis=0)
        filled = np.flatnonzero(by_column > _COLUMN_SHARE * by_column.max())
        columns = slice(int(filled[0]), int(filled[-1]) + 1) if filled.size else slice(0, 0)
        if rows.stop - rows.start >= _LOWEST_PX and columns.stop - columns.start >= _NARROWEST_PX:
            yield rows, columns, float(by_column.sum())
        by_row[rows] = 0
        if not by_row.any():
            return


def _run(by_row: Floats, share: float) -> slice:
    """Find the run of rows about the strongest that reach a share of it."""
    peak = int(by_row.argmax())
    weak = np.flatnonzero(by_row < share * by_row[peak])
    before, behind = weak[weak < peak], weak[weak > peak]
    first = int(before[-1]) + 1 if before.size else 0
    return slice(first, int(behind[0]) if behind.size else len(by_row))
