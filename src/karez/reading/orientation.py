"""Which of four ways a label stands: by the codes' own direction, else by a small network."""

import math
from collections.abc import Sequence

import cv2
import numpy as np

from karez.domain.reading import Code
from karez.reading import networks, weights
from karez.reading.pictures import Grey
from karez.reading.views import Region

_SIDE_PX, _SHORT_PX = 224, 256  # the network's input, and the shorter side it was trained to be cropped from
_MEAN, _SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def quarters_by_codes(label: Region, codes: Sequence[Code]) -> int | None:
    """Say by how many quarter turns ``label`` must be turned to stand upright, from the decoded codes in it.

    Each code votes with its length: the number's code across the label outweighs its copy along the edge.
    ``None`` when there is no code, or the vote is close.
    """
    votes = [0.0, 0.0, 0.0, 0.0]
    for code in codes:
        (x0, y0), (x1, y1) = code.box[0], code.box[1]
        length = math.hypot(x1 - x0, y1 - y0)
        direction = math.degrees(math.atan2(y1 - y0, x1 - x0))
        votes[round((direction - label.angle_deg) / 90) % 4] += length
    first, second = sorted(votes, reverse=True)[:2]
    return votes.index(first) if first > 1.3 * second else None


class OrientationNet:
    """Sees whether print stands upright (4 classes)."""

    def __init__(self, engine: networks.Engine) -> None:
        self._network = networks.load(weights.ORIENTATION, engine)

    def __call__(self, label: Grey) -> int:
        """Say by how many quarter turns clockwise the region must be turned so that its print stands upright."""
        small = _centre(label)
        batch = np.empty((1, 3, _SIDE_PX, _SIDE_PX), np.float32)
        for channel, (mean, spread) in enumerate(zip(_MEAN, _SPREAD, strict=True)):
            batch[0, channel] = (small.astype(np.float32) / 255 - mean) / spread
        return int(self._network(batch)[0].argmax())


def _centre(label: Grey) -> Grey:
    scale = _SHORT_PX / min(label.shape)
    size = max(_SIDE_PX, round(label.shape[1] * scale)), max(_SIDE_PX, round(label.shape[0] * scale))
    flags = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(label, size, interpolation=flags)
    top, left = (small.shape[0] - _SIDE_PX) // 2, (small.shape[1] - _SIDE_PX) // 2
    return np.asarray(small[top : top + _SIDE_PX, left : left + _SIDE_PX], dtype=np.uint8)
