"""Writing systems: one code point for one letter, so that the same name written twice is the same text."""

import re
import unicodedata

_ARABIC_LETTERS = str.maketrans(
    {
        "ي": "ى",  # Arabic yeh → alef maksura, the Uyghur i
        "ی": "ى",  # Persian yeh
        "ې": "ې",
        "ک": "ك",  # Persian kaf
        "ڪ": "ك",
        "ه": "ە",  # heh → Uyghur e; the consonant h is U+06BE
        "ة": "ە",
        "ہ": "ە",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ۋ": "ۋ",
        "ٶ": "ۆ",
        "ئ": None,  # hamza seat before a vowel: often left out, often doubled
        "ـ": None,  # tatweel
        "\u200c": None,
        "\u200d": None,
        "\u200e": None,
        "\u200f": None,
        "\u202a": None,
        "\u202b": None,
        "\u202c": None,
    }
)
_ARABIC = re.compile(r"[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufeff]")
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")


def is_arabic(text: str) -> bool:
    """Whether the text holds letters of the Arabic script."""
    return _ARABIC.search(text) is not None


def fold_arabic(text: str) -> str:
    """Bring Uyghur text to one spelling of each letter, single spaces, no marks.

    Presentation forms, Arabic and Persian yeh, kaf and heh, tatweel and joiners all occur in text that was typed on
    different keyboards or read by a recogniser trained on Arabic.
    """
    text = unicodedata.normalize("NFKC", text)
    text = "".join(c for c in unicodedata.normalize("NFC", text) if not unicodedata.combining(c))
    text = text.translate(_ARABIC_LETTERS)
    return " ".join(re.sub(r"[^\u0620-\u06ff0-9]+", " ", text).split())


_CITY, COUNTY_WORD, _PREFECTURE = (fold_arabic(word) for word in ("شەھرى", "ناھىيىسى", "ۋىلايىتى"))
_GENERIC = (
    # written apart or joined to the name or the next word; letters as fold_arabic leaves them
    (re.compile(r"\s?(?:شەھەر|شەھىرى|شەھرى)"), f" {_CITY} "),
    (re.compile(r"\bناھى(?:ىى?سى|ىى?ە)?(?:سى)?"), f" {COUNTY_WORD} "),
    (re.compile(r"\bۋىلاى(?:ىى?تى|ەت)?"), f" {_PREFECTURE} "),
)
_CASES = re.compile(r"(?<=\S{3})(?:دىكى|تىكى|نىڭ|دىن|تىن|گە|غا|كە|قا|دا|تا)$")


def fold_uyghur(text: str) -> str:
    """Fold Uyghur text, and bring the words for city, county and prefecture to one form each.

    They occur as شەھەر, شەھىرى and شەھرى, joined or apart, with case endings; names end in cases too (يەكەنگە).
    """
    text = fold_arabic(text)
    for pattern, word in _GENERIC:
        text = pattern.sub(word, text)
    return " ".join(_CASES.sub("", word) for word in text.split())


def uyghur_stem(name: str) -> str:
    """Return a folded name without its one generic word: قەشقەر شەھرى → قەشقەر."""
    for generic in (_CITY, COUNTY_WORD, _PREFECTURE):
        if name.endswith(f" {generic}"):
            return name.removesuffix(f" {generic}")
    return name


def fold_latin(text: str) -> str:
    """Bring Latin text to lower-case words without marks or punctuation."""
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(_NOT_LETTERS.sub(" ", text.lower().replace("'", "")).split())
