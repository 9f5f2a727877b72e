"""Make up the lines to read: addresses and what stands about them, cut where a label would wrap them.

A line is a list of pieces in the order they are written. A piece is shown either from right to left (words, spaces
and signs of a right-to-left line) or from left to right (a number, a Latin phrase).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from karez.reading.uyghur_letters import ALPHABET, LATIN, MIRRORED
from uyghur.names import COMMON, GENERIC, chinese_names, known_names, made_up

Rng = np.random.Generator


class Piece(NamedTuple):
    """Part of a line; ``left_to_right`` says how it is shown."""

    text: str
    left_to_right: bool = False

    @property
    def seen(self) -> str:
        """The characters from left to right."""
        return self.text if self.left_to_right else self.text[::-1].translate(MIRRORED)


Line = list[Piece]
_READABLE = frozenset(ALPHABET)
_AFTER_NAMES = (" ", " ", " ", "، ", " - ")
_AFTER_WORDS = (" ", " ", " ", "، ", ". ", ": ", "؛ ", "؟ ", " – ")
_BEFORE_UNITS = ("-", "-", "-", " - ", "- ", " ")
UNITS = ("نومۇر", "نومۇرلۇق ئۆي", "قورۇ", "ئۆي", "قەۋەت", "بىنا", "گۇرۇپپا")
"""What stands behind a number: house, court, flat, floor, group."""


def seen(line: Line) -> str:
    """Give the characters of a line from left to right, as they meet the eye."""
    return "".join(piece.seen for piece in reversed(line))


def readable(line: Line) -> str:
    """Give what the network is to say, from left to right: Chinese is passed over, spaces count once."""
    return " ".join("".join(character for character in seen(line) if character in _READABLE).split())


def written(line: Line) -> str:
    """Give the text in logical order."""
    return "".join(piece.text for piece in line)


class LineMaker:
    """Makes lines up.

    Parameters
    ----------
    longest
        Upper bound of the characters in a line.
    known_share
        Share of the names that are the gazetteer's, rather than made up or of everyday use.
    other_kinds
        Whether there are lines of other kinds than addresses.
    """

    def __init__(self, longest: int = 42, known_share: float = 0.2, other_kinds: bool = True) -> None:
        self._longest, self._known_share, self._other_kinds = longest, known_share, other_kinds
        self._known = known_names()
        self._chinese_names = chinese_names()

    def __call__(self, rng: Rng) -> Line:
        """Make one line up."""
        kinds: tuple[tuple[float, Callable[[Rng], Line]], ...] = (
            *((0.59, self._address), (0.16, self._words), (0.08, self._person), (0.07, self._mixed)),
            *((0.03, _latin), (0.03, _figures), (0.04, self._chinese)),
        )
        kind = self._address
        if self._other_kinds:
            kind = kinds[int(rng.choice(len(kinds), p=[share for share, _ in kinds]))][1]
        longest = self._longest if rng.random() < 0.75 else 12
        return _cut(kind(rng), int(rng.integers(min(10, longest // 3), longest)), rng)

    def _name(self, rng: Rng) -> str:
        draw = rng.random()
        if draw < self._known_share:
            return _pick(self._known, rng)
        return _pick(COMMON, rng) if draw < self._known_share + 0.15 else made_up(rng)

    def _address(self, rng: Rng) -> Line:
        line: Line = []
        if rng.random() < 0.3:
            line += [Piece("شىنجاڭ ئۇيغۇر ئاپتونوم رايونى" if rng.random() < 0.5 else "شىنجاڭ"), Piece(" ")]
        for _ in range(int(rng.integers(1, 6))):
            name = self._name(rng)
            beside = self._name(rng) if rng.random() < 0.3 else _pick(GENERIC, rng)
            line += [Piece(name), Piece(" "), Piece(beside), Piece(_pick(_AFTER_NAMES, rng))]
        line += _door(rng)
        if rng.random() < 0.3:
            line += [Piece(" "), *_door(rng)]
        return line

    def _words(self, rng: Rng) -> Line:
        line: Line = []
        for _ in range(int(rng.integers(1, 7))):
            word = self._name(rng)
            left, right = _pick(("", "", "", "", "", "", "()", "«»"), rng) or ("", "")
            line += [Piece(left), *_words(word), Piece(right), Piece(_pick(_AFTER_WORDS, rng))]
        return line[:-1] if rng.random() < 0.7 else line

    def _person(self, rng: Rng) -> Line:
        name = self._name(rng).split()[0]
        if rng.random() < 0.6:
            name = name[: int(rng.integers(1, 4))] + "*" * int(rng.integers(1, 5))
        label = _pick(("", "", "تېل: ", "ئىسمى: ", "تاپشۇرۇۋالغۇچى: ", "قوبۇل قىلغۇچى "), rng)
        line = [*_words(label), Piece(name)]
        return [*line, Piece(_pick((" ", "  ", ": "), rng)), Piece(_phone(rng), True)] if rng.random() < 0.7 else line

    def _mixed(self, rng: Rng) -> Line:
        line: Line = []
        for _ in range(int(rng.integers(1, 4))):
            line += [Piece(self._name(rng)), Piece(" ")]
            draw = rng.random()
            foreign = _latin(rng)[0] if draw < 0.45 else Piece(_number(rng), True)
            foreign = Piece(_pick(self._chinese_names, rng), True) if draw > 0.75 else foreign
            line += [Piece("("), foreign, Piece(")"), Piece(" ")] if rng.random() < 0.3 else [foreign, Piece(" ")]
        return line[:-1]

    def _chinese(self, rng: Rng) -> Line:
        """Give a line that is no business of this network, to be passed over."""
        names = "".join(_pick(self._chinese_names, rng) for _ in range(int(rng.integers(1, 5))))
        return [Piece(names + (f"{_number(rng)}号" if rng.random() < 0.3 else ""), True)]


def _words(text: str) -> Line:
    return [Piece(text)]


def _cut(line: Line, longest: int, rng: Rng) -> Line:
    """Take a stretch of a line, as wrapping does: whole pieces and words."""
    units: Line = []
    for piece in line:
        if piece.left_to_right or len(piece.text) <= 1:
            units.append(piece)
        else:
            words = piece.text.split(" ")
            for number, word in enumerate(words):
                units += [Piece(" "), Piece(word)] if number else [Piece(word)]
    units = [unit for unit in units if unit.text]
    start = int(rng.integers(0, max(1, len(units) // 2))) if rng.random() < 0.4 else 0
    kept: Line = []
    for unit in units[start:]:
        if kept and sum(len(piece.text) for piece in kept) + len(unit.text) > longest:
            break
        kept.append(unit)
    while kept and not kept[0].text.strip():
        kept.pop(0)
    while kept and not kept[-1].text.strip():
        kept.pop()
    return kept


def _door(rng: Rng) -> Line:
    number = Piece(_number(rng), True)
    draw = rng.random()
    if draw < 0.45:
        return [number, Piece(_pick(_BEFORE_UNITS, rng)), Piece(_pick(UNITS, rng))]
    if draw < 0.6:
        return [Piece("نومۇر"), Piece(_pick((" ", ": ", "-"), rng)), number]
    if draw < 0.7:
        return [Piece(_pick(("№", "№ ", "# "), rng)), number]
    if draw < 0.85:
        return [number, Piece("-"), Piece(_number(rng), True), Piece(_pick(("-", " "), rng)), Piece("ئۆي")]
    return [number]


def _number(rng: Rng) -> str:
    draw = rng.random()
    if draw < 0.6:
        return _digits(rng, int(rng.integers(1, 4)))
    if draw < 0.7:
        return _digits(rng, int(rng.integers(4, 7)))
    if draw < 0.8:
        return f"{_digits(rng, int(rng.integers(1, 4)))}/{_digits(rng, int(rng.integers(1, 4)))}"
    if draw < 0.88:
        return f"{_digits(rng, 1)}.{_digits(rng, int(rng.integers(1, 3)))}" + _pick(("", "kg", "", "%"), rng)
    if draw < 0.94:
        return f"{_digits(rng, 1)}-{_digits(rng, 1)}-{_digits(rng, 3)}"
    return f"{_digits(rng, 2)}:{_digits(rng, 2)}"


def _phone(rng: Rng) -> str:
    draw = rng.random()
    if draw < 0.6:
        return f"1{_digits(rng, int(rng.choice((0, 2))))}{'*' * int(rng.integers(3, 8))}{_digits(rng, 4)}"
    return f"0998-{_digits(rng, 7)}" if draw < 0.7 else f"1{_digits(rng, 10)}"


def _latin(rng: Rng) -> Line:
    words = []
    for _ in range(int(rng.integers(1, 4))):
        word = "".join(rng.choice(list(LATIN[26:]), int(rng.integers(2, 9))))
        words.append(word.upper() if rng.random() < 0.3 else word.capitalize())
    if rng.random() < 0.4:
        words.append(_number(rng))
    if rng.random() < 0.3:
        words.insert(0, _pick(("No.", "Tel:", "Room", "No:", "A-", "&", "info@"), rng))
    return [Piece(" ".join(words), True)]


def _figures(rng: Rng) -> Line:
    phone, number = _phone(rng), _number(rng)
    moment = f"2026-{_digits(rng, 2)}-{_digits(rng, 2)} {_digits(rng, 2)}:{_digits(rng, 2)}"
    return [Piece(_pick((phone, number, moment, _digits(rng, int(rng.integers(6, 16)))), rng), True)]


def _digits(rng: Rng, count: int) -> str:
    return "".join(str(digit) for digit in rng.integers(0, 10, count))


def _pick(choices: list[str] | tuple[str, ...], rng: Rng) -> str:
    return choices[int(rng.integers(len(choices)))]
