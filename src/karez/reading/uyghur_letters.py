"""The characters that Uyghur lines are read in, and the order they stand in: as seen, and as written."""

import re
import unicodedata

UYGHUR = "ئاەبپتجچخدرزژسشغفقكگڭلمنھوۇۆۈۋېىي"
"""The 32 letters; hamza on its seat, written before an initial vowel, is one more."""
LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
DIGITS = "0123456789"
SIGNS = "-–.,:/()*#+&%@_'\"№«»،؛؟"
ALPHABET = ("", " ", *UYGHUR, *DIGITS, *LATIN, *SIGNS)
"""What each output of the network stands for; the first is CTC's blank."""

MIRRORED = str.maketrans("()«»[]<>", ")(»«][><")
"""Brackets that show the other way round within text that runs from right to left."""

_TWINS = str.maketrans(
    {
        "\u0647": "\u06be",  # heh, Arabic
        "\u06cc": "\u0649",  # yeh, Persian
        "\u06a9": "\u0643",  # kaf, Persian
        "\u0629": "\u06d5",  # teh marbuta, shown without its dots
        "\u06c0": "\u06d5",
        "\u0623": "\u0627",
        "\u0625": "\u0627",
        "\u0640": "",  # tatweel
        "\u200c": "",
        "\u200d": "",
        "\u200e": "",
        "\u200f": "",
        "\u2066": "",
        "\u2067": "",
        "\u2069": "",
        "\u2010": "-",
        "\u2011": "-",
        "\u2212": "-",
        "\u066a": "%",
        "\u00a0": " ",
        **{chr(0x0660 + digit): str(digit) for digit in range(10)},
        **{chr(0x06F0 + digit): str(digit) for digit in range(10)},
    }
)

_LTR = "A-Za-z0-9"
_PHRASE = re.compile(rf"[{_LTR}](?:[^؀-ۿ]*[{_LTR}])?")
_NUMBER = re.compile(r"[#№+]?\d+(?:[.,:/]\d+)*%?")
_MASKED = re.compile(r"(\d+)(\*+)(\d+)")


def normalised(text: str) -> str:
    """Write a text in the letters of `UYGHUR`: Arabic and Persian twins, presentation forms and digits replaced."""
    return " ".join(unicodedata.normalize("NFKC", text.replace("№", "\0")).replace("\0", "№").translate(_TWINS).split())


def as_written(seen: str) -> str:
    """Put the characters of a line into the order they are written in.

    Parameters
    ----------
    seen
        The line from left to right, as it meets the eye.

    Returns
    -------
    str
        The text in logical order. A line without Arabic letters stays as it is. In any other, words run from right
        to left, and numbers and Latin phrases within them from left to right, as Unicode's bidirectional algorithm
        (UAX 9) displays them: ``15-20`` after a Uyghur word shows as ``20-15``. Masked phone numbers are read from
        left to right, the way labels print them, unless that would put their head last.
    """
    if not any("؀" <= letter <= "ۿ" for letter in seen):
        return seen
    turned, at = [], len(seen)
    for phrase in reversed(list(_PHRASE.finditer(seen))):
        turned += [seen[phrase.end() : at][::-1].translate(MIRRORED), _phrase(phrase.group())]
        at = phrase.start()
    return "".join([*turned, seen[:at][::-1].translate(MIRRORED)])


def _phrase(seen: str) -> str:
    """Order one stretch without Arabic letters; it begins and ends with a digit or a Latin letter."""
    if any(letter.isalpha() for letter in seen):
        return seen
    parts, at = [], len(seen)
    for number in reversed(list(_numbers(seen))):
        start, end, text = number
        parts += [seen[end:at][::-1].translate(MIRRORED), text]
        at = start
    return "".join([*parts, seen[:at][::-1].translate(MIRRORED)])


def _numbers(seen: str) -> list[tuple[int, int, str]]:
    """Find what is read from left to right: numbers, and masked ones as a whole."""
    found: list[tuple[int, int, str]] = []
    at = 0
    while at < len(seen):
        masked, number = _MASKED.match(seen, at), _NUMBER.match(seen, at)
        if masked:
            found.append((masked.start(), masked.end(), _unmasked_order(masked)))
            at = masked.end()
        elif number:
            found.append((number.start(), number.end(), number.group()))
            at = number.end()
        else:
            at += 1
    return found


def _unmasked_order(masked: re.Match[str]) -> str:
    """Give head, stars, tail: Chinese mobile numbers begin with 1 and show at most three digits of their head."""
    left, stars, right = masked.groups()
    flipped = not left.startswith("1") and right.startswith("1") and len(right) <= 3
    return f"{right}{stars}{left}" if flipped else f"{left}{stars}{right}"
