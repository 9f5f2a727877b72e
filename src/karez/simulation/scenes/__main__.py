"""Draw the contact sheet of all conditions: ``python -m karez.simulation.scenes docs/pictures/bench-scenes.jpg``."""

import sys
from pathlib import Path

import cv2
import numpy as np

from karez.simulation.scenes import CONDITIONS, scene
from karez.simulation.textures import Picture

_COLUMNS, _TILE_PX = 3, (440, 330)
_SEED = 4
_FIRST = 3  # index of the first scene; each condition shows another parcel


def contact_sheet() -> Picture:
    """Draw one scene of each condition, small, with its name."""
    tiles = [_tile(name, _FIRST + at) for at, name in enumerate(CONDITIONS)]
    tiles += [np.full_like(tiles[0], 255)] * (-len(tiles) % _COLUMNS)
    rows = [np.hstack(tiles[at : at + _COLUMNS]) for at in range(0, len(tiles), _COLUMNS)]
    return np.vstack(rows)


def _tile(name: str, index: int) -> Picture:
    picture = cv2.imdecode(np.frombuffer(scene(name, index, _SEED).picture, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None, "a scene is a JPEG"
    small = np.asarray(cv2.resize(picture, _TILE_PX, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    cv2.rectangle(small, (0, 0), (14 + 12 * len(name), 30), (255, 255, 255), -1)
    cv2.putText(small, name, (8, 21), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (30, 30, 30), 1, cv2.LINE_AA)
    return small


if __name__ == "__main__":
    done, data = cv2.imencode(".jpg", contact_sheet(), [cv2.IMWRITE_JPEG_QUALITY, 80])
    assert done, "a picture of this size always encodes"
    Path(sys.argv[1]).write_bytes(data.tobytes())
