"""The three-segment sort code: routing print in the largest type of the label, or a field of its 2D code.

Forms seen on real labels: ``902A M088-00 29`` (Yunda 2023), ``746 V50 010`` (STO 2023), ``渝-重庆 703-00 45``,
``鲁-临沂 R01-02 15``, ``鄂S武昌 301-00 41`` (2018). First segment: transfer centre; second: outlet; last: courier.
"""

import re
from collections.abc import Sequence
from statistics import median

from karez.reading.printed_lines import Field, PrintedLine

_NUMBER_CENTRE, _NAMED_CENTRE = r"[0-9]{3}[A-Z]?", r"[\u4e00-\u9fff][-S][\u4e00-\u9fff]{1,6}"
# After a centre in figures the outlet has a letter or a hyphen; three bare groups of figures are some other number.
_OUTLET = r"(?:[A-Z][0-9]{2,3}[A-Z]?(?:-[0-9]{2})?|[0-9]{2,3}-[0-9]{2})"
_LAST = r"[0-9]{2,3}[A-Z]?"
_SPACED = re.compile(
    rf"(?<![0-9A-Za-z.-])({_NUMBER_CENTRE}|{_NAMED_CENTRE})[ ]+({_OUTLET})[ ]+({_LAST})(?![0-9A-Za-z:-])"
)
_SEGMENTS = re.compile(rf"{_NUMBER_CENTRE}|{_NAMED_CENTRE}"), re.compile(_OUTLET), re.compile(_LAST)
_LARGE = 1.6  # times the median line height: no other line of figures is printed so large


def sort_code_in(text: str) -> str | None:
    """Find a sort code with its segments apart."""
    match = _SPACED.search(text)
    return " ".join(match.groups()) if match else None


def sort_code(lines: Sequence[PrintedLine]) -> Field | None:
    """Find the sort code: of the lines that hold one, the one in the largest print."""
    if not lines:
        return None
    large = _LARGE * median(line.place.height for line in lines)
    found = [
        (line.place.height, -index, value)
        for index, line in enumerate(lines)
        if (value := sort_code_in(line.line.text) or (_apart(line.line.text) if line.place.height > large else None))
    ]
    if not found:
        return None
    _, negative, value = max(found)
    return Field(value, (-negative,), lines[-negative].line.confidence)


def _apart(text: str) -> str | None:
    """Part segments that were read without a gap, where there is only one way to do it."""
    compact = text.strip()
    ways = {
        (compact[:first].strip(), compact[first:second].strip(), compact[second:].strip())
        for first in range(3, len(compact))
        for second in range(first + 2, len(compact))
        if _is_code(compact[:first], compact[first:second], compact[second:])
    }
    return " ".join(next(iter(ways))) if len(ways) == 1 else None


def _is_code(*segments: str) -> bool:
    return all(shape.fullmatch(segment.strip()) for shape, segment in zip(_SEGMENTS, segments, strict=True))
