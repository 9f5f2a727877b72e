"""Bytes → grey pixels, safely: the header is read first, and what cannot be a picture is refused with its reason."""

import io
import warnings
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from karez.domain.reading import NoReadReason

Grey = npt.NDArray[np.uint8]
"""Rows × columns, 0 black to 255 white, as stored: EXIF turning is not applied."""

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF")
"""Pillow's names of what is taken."""

FEWEST_PIXELS = 64
"""No code has fewer: the smallest 2D code has 10 × 10 modules, and the bars of an EAN-8 are 67 pixels in one row."""
LONGEST_SIDE_PX = 32_000
"""OpenCV counts the pixels of a side in 15 bits."""

_TAIL = 64
_MAGIC = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")


@dataclass(frozen=True, slots=True)
class Undecodable:
    """A file that gives no pixels, and why."""

    reason: NoReadReason
    explanation: str


def decode(data: bytes, max_megapixels: float) -> Grey | Undecodable:
    """Decode one picture to grey.

    Parameters
    ----------
    data
        The file, byte for byte.
    max_megapixels
        Pictures whose header names more are not decoded (a 0.4 MB PNG can unpack to 240 MB).
    """
    if not data:
        return Undecodable(NoReadReason.EMPTY_FILE, "The file is empty (0 bytes).")
    header = _header(data)
    if isinstance(header, Undecodable):
        return header
    if header.megapixels > max_megapixels:
        size = f"{header.width} × {header.height} pixels ({header.megapixels:.0f} megapixels)"
        limit = f"the limit of {max_megapixels:g} megapixels"
        return Undecodable(NoReadReason.PICTURE_TOO_LARGE, f"The picture has {size}, over {limit}; it was not decoded.")
    if max(header.width, header.height) > LONGEST_SIDE_PX:
        size = f"{header.width} × {header.height} pixels"
        why = f"The picture has {size}; a side over {LONGEST_SIDE_PX} is not taken; it was not decoded."
        return Undecodable(NoReadReason.PICTURE_TOO_LARGE, why)
    if header.width * header.height < FEWEST_PIXELS:
        size = f"{header.width} × {header.height} pixels"
        return Undecodable(NoReadReason.PICTURE_TOO_SMALL, f"The picture has only {size}; no code or text fits in it.")
    if _cut_off(data):
        return Undecodable(NoReadReason.BROKEN_PICTURE, "The picture is cut off: the end of the file is missing.")
    grey = _pixels(data, header)
    if grey is None:
        return Undecodable(NoReadReason.BROKEN_PICTURE, "The file starts like a picture, but cannot be decoded.")
    return grey


@dataclass(frozen=True, slots=True)
class _Header:
    width: int
    height: int
    transparent: bool

    @property
    def megapixels(self) -> float:
        return self.width * self.height / 1e6


def _header(data: bytes) -> _Header | Undecodable:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own size warning; our limit is checked by the caller
            with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                transparent = opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info
                return _Header(opened.width, opened.height, transparent)
    except Image.DecompressionBombError:
        return Undecodable(NoReadReason.PICTURE_TOO_LARGE, "The picture is far over the size limit; not decoded.")
    except UnidentifiedImageError:
        pass
    except (
        Exception
    ):  # a hostile header can raise nearly anything inside a decoder; it is a broken picture all the same
        return Undecodable(NoReadReason.BROKEN_PICTURE, "The picture's header is damaged.")
    if data.startswith(_MAGIC):
        return Undecodable(NoReadReason.BROKEN_PICTURE, "The file starts like a picture, but its header is damaged.")
    return Undecodable(NoReadReason.NOT_A_PICTURE, "The file is no picture that is taken here (JPEG, PNG, WebP, TIFF).")


def _cut_off(data: bytes) -> bool:
    """Say whether the end of the file is missing; decoders fill the rest with grey and say nothing."""
    if data.startswith(b"\xff\xd8"):
        if data.find(b"\xff\xd9", max(len(data) - _TAIL, _jpeg_scan_start(data))) >= 0:
            return False  # as nearly always; the whole file is searched only where something follows the picture
        return data.find(b"\xff\xd9", _jpeg_scan_start(data)) < 0
    if data.startswith(b"\x89PNG"):
        return b"IEND" not in data[-64:] and data.rfind(b"IEND") < 0
    if data.startswith(b"RIFF"):
        return len(data) < int.from_bytes(data[4:8], "little") + 8
    return False


def _jpeg_scan_start(data: bytes) -> int:
    """Find the main picture's first scan by walking the segments, so that a thumbnail inside EXIF is stepped over."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        if data[at + 1] == 0xDA:
            return at
        if data[at + 1] == 0xFF:  # padding
            at += 1
            continue
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return len(data)


def _pixels(data: bytes, header: _Header) -> Grey | None:
    if header.transparent:
        return _over_white(data)
    buffer = np.frombuffer(data, np.uint8)
    try:
        decoded = cv2.imdecode(buffer, cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error:
        decoded = None
    if decoded is None:
        return _by_pillow(data)
    return np.ascontiguousarray(decoded, dtype=np.uint8)


def _over_white(data: bytes) -> Grey | None:
    """Decode a picture with transparency as it looks on white paper."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            layered = opened.convert("RGBA")
            paper = Image.new("RGBA", layered.size, "white")
            return np.asarray(Image.alpha_composite(paper, layered).convert("L")).copy()
    except Exception:  # see _header
        return None


def _by_pillow(data: bytes) -> Grey | None:
    """Decode what OpenCV cannot (some TIFF compressions, CMYK)."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            return np.asarray(opened.convert("L")).copy()
    except Exception:  # see _header
        return None
