"""What checks a symbology has of its own, and so how far what was decoded of it may be believed.

Enhancing a picture makes bars of what was none. Error correction (Reed-Solomon) and the check of Code 128 (modulo 103)
are not fooled by it; the figures of EAN, UPC and the like may be, and ITF, Code 39 and Codabar need no check at all.
"""

import math
from collections import Counter
from collections.abc import Sequence

from karez.domain.reading import Box

Read = tuple[str, str]
"""Text and format."""

CORRECTED = frozenset({"QRCode", "MicroQRCode", "RMQRCode", "DataMatrix", "Aztec", "PDF417", "MicroPDF417", "MaxiCode"})
"""Formats with error correction: what they give is right however the view was enhanced."""

NEVER = "UPCE"
"""Six figures without a check of their own: the add-on of a book is read as one."""

_FEW_ROWS = 0.08  # of the code's width; bars are 0.15 to 0.3 of it
_CHECKED = ("Code128", "Code93", "DataBar")
_UNCHECKED = ("ITF", "Code39", "Codabar", "Telepen", "Code32", "LogmarsCode39")
_LONG_ENOUGH = 8  # characters of a format without a check
_SHORTEST_AZTEC = 4  # characters
_AGREEING = 2


def unchecked(form: str) -> bool:
    """Say whether a symbology has no check character that must be there: a misread code of it looks like any other.

    ISO/IEC 16390 (ITF), 16388 (Code 39), EN 798 (Codabar); the names may have endings (``Code39Ext``).
    """
    return form.startswith(_UNCHECKED)


def few_rows(box: Box, form: str) -> bool:
    """Say whether only a thin strip of bars was seen: two rows may agree on something wrong."""
    return form not in CORRECTED and math.dist(box[1], box[2]) < _FEW_ROWS * math.dist(box[0], box[1])


def by_chance(read: Read) -> bool:
    """Say whether damaged print of another symbology gives such a code: the smallest Aztec has few codewords."""
    text, form = read
    return form.startswith("Aztec") and len(text) < _SHORTEST_AZTEC


def believed_of_looks(readings: Sequence[frozenset[Read]]) -> list[Read]:
    """List what may be believed of what differently enhanced looks at one picture gave.

    A symbology with a strong check is believed at once, another only if two looks agree. On the samples of zxing-cpp
    that the cascade had left, single looks gave 10 wrong texts, agreeing ones none.
    """
    votes = Counter(read for reading in readings for read in reading)
    return [read for read, count in votes.items() if count >= _AGREEING or _strong(read)]


def believed_of_views(readings: Sequence[frozenset[Read]]) -> list[Read]:
    """List what may be believed of what each view of one place gave.

    Views of one place are no independent witnesses: a format without error correction must be read alike by several of
    them, by none otherwise, and be longer than what stripes give by chance.
    """
    votes = Counter(read for reading in readings for read in reading)
    sure = [read for read in votes if read[1] in CORRECTED and not by_chance(read)]
    bars = [read for read in votes if read[1] not in CORRECTED and read[1] != NEVER]
    if len(bars) == 1 and votes[bars[0]] >= _AGREEING and _long_enough(bars[0]):
        sure += bars
    return sure


def believed_of_strips(votes: Sequence[Read], lead: int) -> Read | None:
    """Give what most strips across one group of bars say: more by ``lead`` than all that say something else."""
    counted = Counter(votes).most_common()
    if not counted or counted[0][0][1] == NEVER or not _long_enough(counted[0][0]):
        return None
    return counted[0][0] if counted[0][1] - sum(count for _, count in counted[1:]) >= lead else None


def _strong(read: Read) -> bool:
    return (read[1] in CORRECTED or read[1].startswith(_CHECKED)) and not by_chance(read)


def _long_enough(read: Read) -> bool:
    return len(read[0]) >= (_LONG_ENOUGH if unchecked(read[1]) else 1)
