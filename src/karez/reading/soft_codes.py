"""Codes that only soft decisions read: bands of bars on a label, each projected, weighed and spelled."""

from collections.abc import Iterator

import numpy as np

from karez.domain.reading import Box, Code
from karez.reading.bands import bands
from karez.reading.pictures import Grey
from karez.reading.projection import BINS_PER_PX, projected
from karez.reading.soft_code128 import Evidence, evidences, spelled
from karez.reading.views import Region, View, region_matrix

_BANDS = 4  # strongest first; a label carries its Code 128 twice at most
_QUIET_SHARE, _QUIET_PX = 0.07, 10  # added at each end: a band ends with its bars


def soft_codes(picture: Grey, label: Region) -> Iterator[list[Code]]:
    """Yield the Code 128 of each band of bars on a label, where its evidence suffices."""
    for band in bands(picture, label)[:_BANDS]:
        box = band.padded(_QUIET_SHARE * band.width + _QUIET_PX, 0)
        profile = projected(picture, box)
        weighed = evidences(profile) if profile is not None else []
        read = spelled(weighed[:1])
        if read is not None:
            yield [Code(read.text, "Code128", _box(box, weighed[0]))]


def _box(box: Region, evidence: Evidence) -> Box:
    """Box of the bars, beginning where the code begins."""
    view = View(np.zeros((1, 1), np.uint8), region_matrix(box, 1.0))
    left, right = evidence.left / BINS_PER_PX, evidence.right / BINS_PER_PX
    top, bottom = (0.0, box.height - 1) if not evidence.backwards else (box.height - 1, 0.0)
    return view.box([(left, top), (right, top), (right, bottom), (left, bottom)])
