"""The typefaces that training lines are printed in, and those it never sees."""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from PIL import ImageFont

HELD_OUT = ("UKIJTor.ttf", "NotoNaskhArabic-Regular.ttf", "NotoNaskhArabic-Bold.ttf")
"""Never trained on: the bench prints with them to see how well unknown print is read."""

_FOLDERS = tuple(
    Path("/usr/share/fonts") / folder
    for folder in (
        "truetype/fonts-ukij-uyghur",
        "truetype/noto",
        "truetype/dejavu",
        "opentype/noto",
        "opentype/fonts-hosny-amiri",
        "truetype/scheherazade",
        "truetype/kacst-one",
        "truetype/kacst",
    )
)
_UKIJ_TEXT = (
    *("Basma", "CJK", "DiT", "Ekran", "Es", "EsBold", "EsT", "Inichke", "Inichkeb", "KesmeTuz", "KesmeTuz-b"),
    *("Me", "Nsq", "Nsqb", "Qara", "Qara-b", "Qol_Tuz", "Qolyazma", "Sls", "SlsTom", "Teng", "Teng-b", "Title"),
    *("TuT", "Tuz", "TuzB", "TuzBB", "TuzBold", "TuzG", "TuzGB", "TuzK", "TuzKB", "TuzQ", "TuzQB", "TzTr"),
    *("TzTrBold", "Zilwa"),
)
_UKIJ_STYLED = (
    *("ChiK", "Kesme", "Kesme-b", "Ku", "KuU", "KuY", "KuYB", "Junu", "NsqZ", "Ru", "SlsBold", "EsQ", "Saet"),
    *("MejT", "Bom", "KuT"),
)
_OTHERS = (
    *("NotoSansArabic-Regular", "NotoSansArabic-Bold", "NotoKufiArabic-Regular", "NotoKufiArabic-Bold"),
    *("DejaVuSans", "DejaVuSans-Bold", "DejaVuSansCondensed", "DejaVuSansCondensed-Bold"),
    *("Amiri-Regular", "Amiri-Bold", "Amiri-Slanted", "Amiri-BoldSlanted"),
    *("Scheherazade-Regular", "Scheherazade-Bold", "KacstOne", "KacstOne-Bold"),
)
_PRINTED_MOST = ("UKIJTuT.ttf", "UKIJTuzBold.ttf", "UKIJEkran.ttf", "UKIJTuz.ttf", "UKIJBasma.ttf", "UKIJCJK.ttf")
_WIDER_FIGURES = frozenset({"KacstOne.ttf", "KacstOne-Bold.ttf"})  # their ASCII digits look Arabic-Indic

TRAINED: dict[str, float] = {
    **{f"UKIJ{name}.ttf": 1.0 for name in _UKIJ_TEXT},
    **{f"UKIJ{name}.ttf": 0.25 for name in _UKIJ_STYLED},
    **{f"{name}.ttf": 1.2 for name in _OTHERS},
    **dict.fromkeys(_PRINTED_MOST, 2.0),
}
"""File name → how often, in proportion. Looked at one by one: decorative faces are left out, stylised ones rare."""

FIGURES = (
    *("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansCondensed.ttf", "DejaVuSansMono.ttf", "DejaVuSerif.ttf"),
    *("NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoSerif-Regular.ttf", "NotoSerif-Bold.ttf"),
)
"""What numbers and Latin letters are printed in where the face has none, or a label's software chose another."""

CHINESE = ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc")
"""What Chinese beside Uyghur is printed in."""


class Face(NamedTuple):
    """A font file and the characters in it."""

    path: Path
    characters: frozenset[str]

    def at(self, size_px: int) -> ImageFont.FreeTypeFont:
        """Give the face at a size, with text shaping."""
        return _sized(self.path, size_px)


@lru_cache(maxsize=4096)
def _sized(path: Path, size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size_px, layout_engine=ImageFont.Layout.RAQM)


@lru_cache(maxsize=256)
def face(name: str) -> Face:
    """Find a font file by its name.

    Raises
    ------
    FileNotFoundError
        If its package is not installed (the README lists them).
    """
    path = next((folder / name for folder in _FOLDERS if (folder / name).is_file()), None)
    if path is None:
        raise FileNotFoundError(f"{name}: install the packages that training/uyghur/README.md lists")
    from fontTools.ttLib import TTFont  # imported late: the package's tests read the lists above without it

    characters = frozenset(map(chr, TTFont(path, lazy=True, fontNumber=0).getBestCmap()))
    if name in _WIDER_FIGURES:
        characters -= set("0123456789")
    return Face(path, characters)
