"""A frame: one picture as a camera sent it, its pixels still closed."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from karez.domain.ids import ParcelId, PictureId

PICTURE_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff"})
"""How names of picture files end, small letters: what is taken from a folder to be read."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of (what should be) one parcel.

    Attributes
    ----------
    data
        The encoded picture (JPEG, PNG, WebP, TIFF), byte for byte as it arrived. Arrays never cross a door.
    camera
        Name of the camera, or of the folder or file it came from.
    captured_at
        When the shutter opened, aware UTC; ``None`` where nothing says so.
    parcel
        The parcel it shows, where the PLC's id came with it.
    trigger
        The PLC's trigger number, where that came instead.
    """

    data: bytes
    camera: str = ""
    captured_at: datetime | None = None
    parcel: ParcelId | None = None
    trigger: str | None = None

    @property
    def picture(self) -> PictureId:
        """Content hash; the name under which the picture is kept."""
        return PictureId(sha256(self.data).hexdigest())
