"""Which of four ways a label stands: by the codes' own direction, else by a small network."""

import math
from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from karez.domain.reading import Code
from karez.reading import networks, weights
from karez.reading.pictures import Grey
from karez.reading.views import Region

_SIDE_PX, _SHORT_PX = 224, 256  # the network's input, and the shorter side it was trained to be cropped from
_MEAN, _SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


_CODE_WEIGHT, _MATRIX_WEIGHT, _AGAINST = 1.5, 2.5, -4.0
"""In log odds: a 1D code may stand along the edge, turned by 90°; a 2D code seldom; neither is read upside down."""


def votes_of_codes(label: Region, codes: Sequence[Code]) -> npt.NDArray[np.float64]:
    """Weigh, from the decoded codes, by how many quarter turns ``label`` must be turned to stand upright."""
    votes = np.zeros(4)
    for code in codes:
        (x0, y0), (x1, y1) = code.box[0], code.box[1]
        direction = math.degrees(math.atan2(y1 - y0, x1 - x0))
        quarter = round((direction - label.angle_deg) / 90) % 4
        votes[quarter] += _MATRIX_WEIGHT if code.format in ("QRCode", "DataMatrix") else _CODE_WEIGHT
        votes[(quarter + 2) % 4] += _AGAINST
    return votes


class OrientationNet:
    """Sees whether print stands upright (4 classes)."""

    def __init__(self, engine: networks.Engine) -> None:
        self._network = networks.load(weights.ORIENTATION, engine)

    def __call__(self, label: Grey) -> npt.NDArray[np.float64]:
        """Give the log probability of each number of quarter turns that the region must be turned by."""
        small = _centre(label)
        batch = np.empty((1, 3, _SIDE_PX, _SIDE_PX), np.float32)
        for channel, (mean, spread) in enumerate(zip(_MEAN, _SPREAD, strict=True)):
            batch[0, channel] = (small.astype(np.float32) / 255 - mean) / spread
        scores = self._network(batch)[0].astype(np.float64)
        if not (np.all(scores >= 0) and abs(float(scores.sum()) - 1) < 0.01):  # logits, not yet probabilities
            scores = np.exp(scores - scores.max())
        return np.asarray(np.log(np.maximum(scores / scores.sum(), 1e-3)), np.float64)


def _centre(label: Grey) -> Grey:
    label = _about_square(label)
    scale = _SHORT_PX / min(label.shape)
    size = max(_SIDE_PX, round(label.shape[1] * scale)), max(_SIDE_PX, round(label.shape[0] * scale))
    flags = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(label, size, interpolation=flags)
    top, left = (small.shape[0] - _SIDE_PX) // 2, (small.shape[1] - _SIDE_PX) // 2
    return np.asarray(small[top : top + _SIDE_PX, left : left + _SIDE_PX], dtype=np.uint8)


def _about_square(label: Grey) -> Grey:
    """Keep the middle of a long strip: only that would be looked at, and enlarging all of it could fill the memory."""
    rows, columns = label.shape
    side = 2 * min(rows, columns)
    top, left = max(0, (rows - side) // 2), max(0, (columns - side) // 2)
    return label[top : top + side, left : left + side]
