"""Codes too small, dim or soft for the whole label's view: each place that may be a code, enlarged by itself.

Places are patches of 2D print, groups of bars and small labels. Each is seen plain, with its contrast evened out, and
sharpened, light on dark as well; what may be believed of that, `symbologies` says.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from karez.domain.reading import Code
from karez.reading import enhanced
from karez.reading.locating import Layout
from karez.reading.pictures import Grey
from karez.reading.views import Region, View, cut

_BARS = 3
_SMALL_PX = 120_000  # a label of less is a code with little around it
_VIEW_PX = 240_000  # of an enlarged place
_MOST_SCALE = 4.0
_MARGIN_SHARE, _MARGIN_PX = 0.12, 14.0  # quiet zone, and what the cells have missed
_LONG = 1.25  # width of bars against their height, quiet zones included
_LONGEST_SQUARE = 2.5  # in its shorter sides: seen at an angle, with some print beside it
_ALIKE = 0.6, 1.7  # of the areas of two regions that are one place


def places(layout: Layout) -> tuple[Region, ...]:
    """List what may be a code each, most telling first."""
    small = [label for label in layout.labels if label.area < _SMALL_PX]
    return _distinct((*small, *layout.matrices, *layout.bars[:_BARS]))


def square_places(layout: Layout) -> tuple[Region, ...]:
    """List what may be a QR code each: neither bars nor lines of text."""
    small = [label for label in layout.labels if label.area < _SMALL_PX]
    return tuple(
        region
        for region in _distinct((*small, *layout.matrices))
        if max(region.width, region.height) < _LONGEST_SQUARE * min(region.width, region.height)
    )


def unread(regions: Iterable[Region], known: Iterable[Code]) -> tuple[Region, ...]:
    """Leave out the regions in which one of the known codes stands."""
    middles = [np.mean(code.box, axis=0) for code in known]
    return tuple(region for region in regions if not any(region.holds(float(x), float(y)) for x, y in middles))


def _distinct(regions: Iterable[Region]) -> tuple[Region, ...]:
    """Keep one of those that are one place."""
    kept: list[Region] = []
    for region in regions:
        if not any(_same_place(region, other) for other in kept):
            kept.append(region)
    return tuple(kept)


def _same_place(region: Region, other: Region) -> bool:
    return other.holds(region.x, region.y) and _ALIKE[0] < region.area / other.area < _ALIKE[1]


def views(picture: Grey, place: Region) -> Iterator[View]:
    """Show a place enlarged: plain, evened out, sharpened; bars light on dark as well."""
    margin = _MARGIN_SHARE * max(place.width, place.height) + _MARGIN_PX
    wide = place.padded(margin, margin)
    scale = min(_MOST_SCALE, (_VIEW_PX / wide.area) ** 0.5)
    plain = cut(picture, wide, scale, cubic=scale > 1)
    yield plain
    evened = enhanced.even(plain.pixels, 4)
    yield View(evened, plain.to_stored)
    yield View(enhanced.sharper(plain.pixels, 1.1 * max(scale, 1.0), 2.0), plain.to_stored)
    if wide.width > _LONG * wide.height:  # the decoder turns light into dark for 2D codes only
        yield View(np.subtract(255, plain.pixels, dtype=np.uint8), plain.to_stored)
        yield View(np.subtract(255, evened, dtype=np.uint8), plain.to_stored)
