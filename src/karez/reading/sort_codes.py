"""The three-segment sort code: routing print in the largest type of the label, or a field of its 2D code.

Forms seen on real labels: ``902A M088-00 29`` (Yunda 2023), ``746 V50 010`` (STO 2023), ``渝-重庆 703-00 45``,
``鲁-临沂 R01-02 15``, ``鄂S武昌 301-00 41`` (2018). First segment: transfer centre; second: outlet; last: courier.
In the large print, and only there, other forms are taken too: hyphens for gaps (``915-K315-591``), three bare groups of
figures (``310 021 001``), and two segments (``F71-43 749``, ``141HD-771``).
"""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
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
_BARE = (
    re.compile(r"[0-9]{3}[A-Z]?([ -])[A-Z]?[0-9]{2,3}[A-Z]?\1[0-9]{2,3}"),
    re.compile(r"[A-Z][0-9]{2}-[0-9]{2} [0-9]{2,3}"),
    re.compile(r"[0-9]{3}[A-Z]{2}-[0-9]{3}"),
)
_HYPHEN = re.compile(r" ?[-–—] ?")
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"  # as on number plates
_NAMED = re.compile(rf"([{_PROVINCES}])-?([\u4e00-\u9fff]{{1,6}}) ?([0-9]{{3}}-[0-9]{{2}}) ?([0-9]{{2}})")
_TWINS = dict(zip("OQDIlZSB", "00011258", strict=True))  # a letter, and the figure that it may have been
_MOST_CHANGES = 2
_LEVEL_DEG = 45
_LARGE = 1.6  # times the median line height: no other line of figures is printed so large


def sort_code_in(text: str) -> str | None:
    """Find a sort code with its segments apart."""
    match = _SPACED.search(text)
    return " ".join(match.groups()) if match else None


def sort_code(lines: Sequence[PrintedLine]) -> Field | None:
    """Find the sort code: of the lines that hold one, the one in the largest print."""
    level = [index for index, line in enumerate(lines) if abs(line.place.angle_deg) < _LEVEL_DEG]
    if not level:
        return None
    large = _LARGE * median(lines[index].place.height for index in level)
    found = []
    for row in ((index,) for index in level), _rows(lines, [i for i in level if lines[i].place.height > large]):
        for indices in row:
            height = min(lines[index].place.height for index in indices)
            value = _in_line(" ".join(lines[index].line.text.strip() for index in indices), height > large)
            if value is not None:
                found.append((height, [-index for index in indices], *value))
    if not found:
        return None
    _, negative, code, read_as = max(found)
    indices = tuple(-index for index in negative)
    return Field(code, indices, min(lines[index].line.confidence for index in indices), read_as or None)


def _rows(lines: Sequence[PrintedLine], large: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Join neighbours in a row: wide gaps part the segments of large print."""
    for one, other in pairwise(large):
        first, second = lines[one].place, lines[other].place
        if abs(first.y - second.y) < 0.5 * min(first.height, second.height) and second.x > first.x:
            yield one, other


def _in_line(text: str, large: bool) -> tuple[str, str] | None:
    """Find a sort code in a line, and what was read for it where look-alikes were repaired."""
    value = sort_code_in(text)
    if value is None and large:
        text = text.strip()
        value = _apart(text) or _bare(text) or _named(text)
        if value is None and (mended := _mended(text)) is not None:
            return mended, text
        if value is not None and _plain(value) != _plain(text):
            return value, text
    return (value, "") if value else None


def _plain(text: str) -> str:
    """Leave out gaps, and write every dash alike: what differs beyond that was repaired."""
    return _HYPHEN.sub("-", "".join(text.split()))


def _bare(text: str) -> str | None:
    """Take what only large print shows so: segments of figures alone, parted by hyphens, or two of them."""
    compact = _HYPHEN.sub("-", " ".join(text.split()))
    return compact if any(shape.fullmatch(compact) for shape in _BARE) else None


def _named(text: str) -> str | None:
    """Take a centre by name (province's one character, town) whose hyphen or gap was lost in reading."""
    match = _NAMED.fullmatch(text)
    return f"{match[1]}-{match[2]} {match[3]} {match[4]}" if match else None


def _mended(text: str) -> str | None:
    """Exchange look-alikes (O for 0), as few as lead to a sort code, if there is only one way to do it."""
    places = [at for at, character in enumerate(text) if character in _TWINS]
    for changes in range(1, min(_MOST_CHANGES, len(places)) + 1):
        ways = {_exchanged(text, chosen) for chosen in combinations(places, changes)}
        codes = {code for way in ways if (code := sort_code_in(way)) is not None and _SPACED.fullmatch(way)}
        if codes:
            return codes.pop() if len(codes) == 1 else None
    return None


def _exchanged(text: str, places: Sequence[int]) -> str:
    return "".join(_TWINS[character] if at in places else character for at, character in enumerate(text))


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
