"""Where the recipient's block and the sort code stand on a label, by size and order of lines, before reading."""

from collections.abc import Iterator, Sequence
from statistics import median

from karez.reading.views import Region

_LARGE = 1.6  # times the median height: the sort code's print
_PITCH = 2.2  # line heights from one line of a block to the next
_ALIKE = 0.7  # of the taller one's height: lines of one print
_SMALL = 0.75  # of a block's own print: lines that touch it and are lower belong to another field
_BLOCK_LINES = 4  # as many lines of a block say how large it is
_SHORT = 3.0  # times its height: a mark (收, To) is no wider

Places = Sequence[Region]


def by_promise(places: Places) -> Iterator[list[int]]:
    """Group the lines in the order in which to read them until the recipient is found.

    Parameters
    ----------
    places
        Lines in upright pixels, slope taken out.

    Yields
    ------
    Positions: the largest print with the block that looks most like a recipient's, then the other blocks, and the
    rest at last. A block brings along the marks to its left and the lines that touch it.
    """
    if not places:
        return
    usual = median(place.height for place in places)
    large = [index for index, place in enumerate(places) if place.height > _LARGE * usual]
    blocks = _blocks(places, [index for index in range(len(places)) if index not in large])
    blocks.sort(key=lambda block: _promise(places, block), reverse=True)
    for block in blocks:
        yield [*large, *block, *beside(places, block)]
        large = []
    yield list(range(len(places)))


def beside(places: Places, block: Sequence[int]) -> list[int]:
    """List marks to the left of a block, and lines right above or below it in no smaller print."""
    if not block:
        return []
    inside, least = set(block), _SMALL * median(places[index].height for index in block)
    return [
        index
        for index, place in enumerate(places)
        if index not in inside
        and place.height >= least
        and any(_touches(places[other], place) or _marks(place, places[other]) for other in block)
    ]


def short(places: Places, indices: Sequence[int]) -> list[int]:
    """List those no wider than a mark."""
    return [index for index in indices if places[index].width < _SHORT * places[index].height]


def _blocks(places: Places, indices: Sequence[int]) -> list[list[int]]:
    """Put lines of one print that stand one under another into blocks."""
    blocks: list[list[int]] = []
    for index in sorted(indices, key=lambda i: places[i].y):
        place = places[index]
        fitting = [block for block in blocks if _continues(places[block[-1]], place)]
        if fitting:
            max(fitting, key=lambda block: places[block[-1]].y).append(index)
        else:
            blocks.append([index])
    return blocks


def _promise(places: Places, block: Sequence[int]) -> float:
    """Weigh a block: the recipient is printed larger than other running text, in two lines or more."""
    lines = sorted((places[index].width * places[index].height ** 3 for index in block), reverse=True)
    return sum(lines[:_BLOCK_LINES]) if len(block) > 1 else lines[0] / 3


def _continues(above: Region, below: Region) -> bool:
    alike = min(above.height, below.height) >= _ALIKE * max(above.height, below.height)
    return alike and above.y < below.y and _touches(above, below)


def _touches(one: Region, other: Region) -> bool:
    """Say whether one stands right above or below the other, or goes on beside it."""
    apart = abs(one.y - other.y)
    if apart > _PITCH * max(one.height, other.height):
        return False
    overlap = min(one.x + one.width / 2, other.x + other.width / 2) - max(
        one.x - one.width / 2, other.x - other.width / 2
    )
    return overlap > 0.2 * min(one.width, other.width)


def _marks(place: Region, line: Region) -> bool:
    """Say whether a place may be the mark in front of a line, or continue its row."""
    reach = 2 * max(place.height, line.height)
    ahead = line.x - line.width / 2 - (place.x + place.width / 2)
    if place.width < _SHORT * place.height and -reach / 2 < ahead < 2 * reach:
        return abs(place.y - line.y) < 1.5 * reach
    return abs(place.y - line.y) < 0.4 * min(place.height, line.height)
