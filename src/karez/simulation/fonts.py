"""The typefaces that labels are printed with: where they lie, and which package brings one that is missing."""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from PIL import ImageFont, features

from karez.domain.errors import MissingPart
from karez.reading.engines import Part

_NOTO_CJK = Path("/usr/share/fonts/opentype/noto")
_UKIJ = Path("/usr/share/fonts/truetype/fonts-ukij-uyghur")
_NOTO = Path("/usr/share/fonts/truetype/noto")
_SIMPLIFIED_CHINESE = 2  # the face inside Noto's collections: JP, KR, SC, TC, HK
_UNKNOWN = "\U000f1234"  # of the private use area: no typeface here has it


class _Face(NamedTuple):
    path: Path
    number: int
    package: str


_FACES = {
    "zh": _Face(_NOTO_CJK / "NotoSansCJK-Regular.ttc", _SIMPLIFIED_CHINESE, "fonts-noto-cjk"),
    "zh-bold": _Face(_NOTO_CJK / "NotoSansCJK-Bold.ttc", _SIMPLIFIED_CHINESE, "fonts-noto-cjk"),
    "zh-serif": _Face(_NOTO_CJK / "NotoSerifCJK-Bold.ttc", _SIMPLIFIED_CHINESE, "fonts-noto-cjk"),
    "ug-tut": _Face(_UKIJ / "UKIJTuT.ttf", 0, "fonts-ukij-uyghur"),
    "ug-tuz": _Face(_UKIJ / "UKIJTuzBold.ttf", 0, "fonts-ukij-uyghur"),
    "ug-ekran": _Face(_UKIJ / "UKIJEkran.ttf", 0, "fonts-ukij-uyghur"),
    "ug-tor": _Face(_UKIJ / "UKIJTor.ttf", 0, "fonts-ukij-uyghur"),
    "ug-basma": _Face(_UKIJ / "UKIJBasma.ttf", 0, "fonts-ukij-uyghur"),
    "ug-es": _Face(_UKIJ / "UKIJEsBold.ttf", 0, "fonts-ukij-uyghur"),
    "ug-qara": _Face(_UKIJ / "UKIJQara-b.ttf", 0, "fonts-ukij-uyghur"),
    "ug-inichke": _Face(_UKIJ / "UKIJInichkeb.ttf", 0, "fonts-ukij-uyghur"),
    "ug-nsq": _Face(_UKIJ / "UKIJNsqb.ttf", 0, "fonts-ukij-uyghur"),
    "ug-tztr": _Face(_UKIJ / "UKIJTzTrBold.ttf", 0, "fonts-ukij-uyghur"),
    "ug-naskh": _Face(_NOTO / "NotoNaskhArabic-Regular.ttf", 0, "fonts-noto-core"),
    "ug-naskh-bold": _Face(_NOTO / "NotoNaskhArabic-Bold.ttf", 0, "fonts-noto-core"),
}

UYGHUR_FACES = ("ug-tut", "ug-tuz", "ug-ekran", "ug-tor")
"""Faces in use for Uyghur; one label is printed with one of them."""

UNSEEN_UYGHUR_FACES = ("ug-tor", "ug-naskh", "ug-naskh-bold")
"""Two families that the Uyghur model never sees in training, so that the bench shows how unknown print is read."""

BENCH_UYGHUR_FACES = (
    *("ug-tut", "ug-tuz", "ug-ekran", "ug-basma", "ug-es", "ug-qara", "ug-inichke", "ug-nsq", "ug-tztr"),
    *UNSEEN_UYGHUR_FACES,
)
"""Faces of the bench's labels."""


@lru_cache(maxsize=256)
def typeface(name: str, size_px: int) -> ImageFont.FreeTypeFont:
    """Give a typeface at a size.

    Parameters
    ----------
    name
        One of ``zh``, ``zh-bold``, ``zh-serif`` or `BENCH_UYGHUR_FACES`; the Chinese ones carry
        Latin letters and figures too.
    size_px
        Height of the em in pixels.

    Raises
    ------
    MissingPart
        The font file, or the shaping library that Uyghur needs, is not installed.
    """
    face = _FACES[name]
    if not face.path.is_file():
        raise MissingPart(f"typeface {face.path.name}", f"apt-get install {face.package}")
    if not features.check("raqm"):  # without it Uyghur letters stand apart and in the wrong order
        raise MissingPart("text shaping (raqm) of Pillow", "apt-get install libraqm0, or reinstall Pillow")
    return ImageFont.truetype(face.path, size_px, index=face.number, layout_engine=ImageFont.Layout.RAQM)


@lru_cache(maxsize=4096)
def has_glyph(name: str, letter: str) -> bool:
    """Tell whether a typeface can print a letter: one it lacks comes out as the box of any unknown code point."""
    font = typeface(name, 40)
    return bytes(font.getmask(letter)) != bytes(font.getmask(_UNKNOWN)) or letter.isspace()


def inventory() -> list[Part]:
    """List what drawing labels needs: the typefaces, and the library that joins Uyghur letters."""
    shaping = bool(features.check("raqm"))
    advice = "" if shaping else "apt-get install libraqm0, or reinstall Pillow"
    fonts = {face.path: face.package for face in _FACES.values()}
    return [
        Part("text shaping (raqm)", shaping, True, features.version("raqm") or "not in this Pillow", advice),
        *(_font(path, package) for path, package in fonts.items()),
    ]


def _font(path: Path, package: str) -> Part:
    present = path.is_file()
    return Part(f"typeface {path.stem}", present, True, str(path), "" if present else f"apt-get install {package}")
