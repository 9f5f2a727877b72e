"""What befalls an address of the drawn set: order, spaces, other characters of the same meaning, reading errors."""

import random
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from karez.address.gazetteer import Gazetteer
from karez.bench.address.kashi_forms import Parts


class Trouble(StrEnum):
    """What is done to an address."""

    NONE = "none"
    REPEATED = "a part twice"
    REORDERED = "wrong order"
    SPACES = "spaces"
    TRADITIONAL = "Traditional"
    FULL_WIDTH = "full width"
    CAPITALS = "capitals"
    LOOKALIKE = "look-alike"
    LOST = "character lost"
    DOUBLED = "character doubled"


HARMLESS = (Trouble.REPEATED, Trouble.REORDERED, Trouble.SPACES, Trouble.TRADITIONAL, Trouble.FULL_WIDTH)
"""Troubles of a Chinese address that change no name."""

ERRORS = (Trouble.LOOKALIKE, Trouble.LOST, Trouble.DOUBLED)
"""Troubles that change one character of a name."""

OF_OTHER_SCRIPTS = (Trouble.SPACES, Trouble.CAPITALS, Trouble.REORDERED)

_NAMES = ("county", "township", "village")


def traditional_forms(gazetteer: Gazetteer) -> dict[int, str]:
    """Give a Traditional character for each simplified one that has just one; those of names stay as they are."""
    found: dict[str, list[str]] = {}
    for code, simple in gazetteer.traditional.items():
        found.setdefault(simple, []).append(chr(code))
    return {ord(simple): forms[0] for simple, forms in found.items() if len(forms) == 1}


class Troubles:
    """Puts troubles into addresses; look-alikes come from the table handed over, and no other."""

    def __init__(self, lookalikes: Mapping[str, str], traditional: Mapping[int, str]) -> None:
        self._lookalikes, self._traditional = lookalikes, dict(traditional)

    def befall(self, parts: Parts, trouble: Trouble, rng: random.Random) -> tuple[Parts, str]:
        """Give the parts as they then stand in the text, and the text."""
        if trouble in ERRORS:
            parts = self._with_error(parts, trouble, rng)
        return parts, self._text(parts, trouble, rng)

    def _text(self, parts: Parts, trouble: Trouble, rng: random.Random) -> str:
        if trouble == Trouble.REPEATED:
            return _repeated(parts, rng)
        if trouble == Trouble.REORDERED:
            return _reordered(parts, rng)
        if trouble == Trouble.SPACES:
            return _spaced(parts, rng)
        if trouble == Trouble.TRADITIONAL:
            return parts.text.translate(self._traditional)
        if trouble == Trouble.FULL_WIDTH:
            return _full_width(parts.text)
        return parts.text.upper() if trouble == Trouble.CAPITALS else parts.text

    def _with_error(self, parts: Parts, trouble: Trouble, rng: random.Random) -> Parts:
        """Change one character of one name; a look-alike only where one is known."""
        places = [(name, at) for name in _NAMES for at in range(len(getattr(parts, name)))]
        if trouble == Trouble.LOOKALIKE:
            places = [(name, at) for name, at in places if getattr(parts, name)[at] in self._lookalikes]
        if not places:
            return parts
        name, at = rng.choice(places)
        words: str = getattr(parts, name)
        instead = {
            Trouble.LOOKALIKE: rng.choice(self._lookalikes.get(words[at], words[at])),
            Trouble.LOST: "",
            Trouble.DOUBLED: words[at] * 2,
        }[trouble]
        changed = words[:at] + instead + words[at + 1 :]
        if name == "county":
            return replace(parts, county=changed)
        return replace(parts, township=changed) if name == "township" else replace(parts, village=changed)


def _repeated(parts: Parts, rng: random.Random) -> str:
    """Write county, or all above the township, or the township, twice."""
    written = parts.in_order()
    heads = [part for part in (parts.county, parts.township, parts.above) if part]
    twice = rng.choice(heads)
    return parts.join.join(part for each in written for part in ((each, each) if each == twice else (each,)))


def _reordered(parts: Parts, rng: random.Random) -> str:
    """Put what is above to the end, or the township before the county, as forms that are filled in by hand do."""
    upper, lower = (parts.above, parts.county), (parts.township, parts.village, parts.tail)
    orders = ((*lower, *upper), (parts.county, *lower, parts.above), (*lower, *upper[::-1]))
    return " ".join(part for part in rng.choice(orders) if part)


def _spaced(parts: Parts, rng: random.Random) -> str:
    """Put spaces between the parts, or anywhere."""
    if parts.join:
        return parts.text.replace(" ", "  ").replace(",", " ,")
    if rng.random() < 0.5:
        return " ".join(parts.in_order())
    text = parts.text
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice((" ", "\u3000", "  ")) + text[at:]
    return text


def _full_width(text: str) -> str:
    """Write figures and Latin letters as wide as Chinese characters."""
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text)
