"""Numbers printed with letters for figures (O for 0): repaired only where a check digit or a pattern proves it.

A repaired number is said to be one: it keeps what was read (``read_as``), and counts as one print, never as two.
"""

import re
from collections.abc import Iterator

from karez.reading.waybills import Form, WaybillRules, classify

_FIGURES = str.maketrans("OQDILZSBG", "000112586")
"""Letters that a recogniser gives for figures."""
_LETTERS = str.maketrans("01258", "OIZSB")
"""Figures that it gives for letters."""
_MOST_REPAIRS = 2
_LOOSE = re.compile(r"(?<![A-Z0-9*_.-])[A-Z0-9]{12,20}(?![A-Z0-9*_.-])")
_HEADS = range(5)  # letters that a number may begin with
_COUNTRY = 2  # letters at the end of a UPU S10 identifier


def look_alike(one: str, other: str) -> bool:
    """Say whether one character is a letter that is read for the other, a figure."""
    return one.translate(_FIGURES) == other or other.translate(_FIGURES) == one


def repaired(text: str, rules: WaybillRules) -> Iterator[tuple[str, str]]:
    """Find numbers that only look-alikes keep from a company's pattern or a right check digit.

    Parameters
    ----------
    text
        A printed line, upper case, gaps inside numbers closed.

    Yields
    ------
    The number and what was read for it.
    """
    for match in _LOOSE.finditer(text):
        read = match.group()
        if classify(read, rules)[0] > Form.AMBIGUOUS:
            continue
        ways = {number for number in _ways(read) if _proved(number, rules)}
        if len(ways) == 1:  # where two repairs fit, neither is taken
            yield ways.pop(), read


def _ways(read: str) -> Iterator[str]:
    for head in _HEADS:
        for tail in (0, _COUNTRY):
            end = len(read) - tail
            number = read[:head].translate(_LETTERS) + read[head:end].translate(_FIGURES) + read[end:]
            if read != number and sum(a != b for a, b in zip(read, number, strict=True)) <= _MOST_REPAIRS:
                yield number


def _proved(number: str, rules: WaybillRules) -> bool:
    return classify(number, rules)[0] >= Form.DIGITS
