"""Codes that only soft decisions read: each band of bars is projected, weighed and spelled, alone or together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from karez.domain.reading import Box, Code
from karez.reading.bands import bands
from karez.reading.pictures import Grey
from karez.reading.projection import BINS_PER_PX, projected
from karez.reading.soft_code128 import WeighedPrint, spelled, weighed_prints
from karez.reading.views import Region, View, region_matrix

_BANDS = 4  # strongest first; a label carries its Code 128 twice at most
_QUIET_SHARE, _QUIET_PX = 0.07, 10  # added at each end: a band ends with its bars
_HOPELESS = 0.5  # misfit from which a band is taken for something else than Code 128


@dataclass(frozen=True, slots=True)
class BandOfBars:
    """A band that may be a Code 128: where it lies, and its symbols."""

    box: Box
    weighed_print: WeighedPrint


def soft_codes(picture: Grey, label: Region) -> Iterator[list[Code]]:
    """Yield the Code 128 of each band of bars on a label, none where its evidence is thin; then of all together."""
    unread: list[BandOfBars] = []
    for band in weighed(picture, label):
        read = spelled([band.weighed_print])
        if read is None:
            unread.append(band)
        yield [Code(read.text, "Code128", band.box, restored=True)] if read is not None else []
    code = together(unread)
    if code is not None:
        yield [code]


def weighed(picture: Grey, label: Region) -> Iterator[BandOfBars]:
    """Weigh the bands of bars on a label, the strongest first."""
    for band in bands(picture, label)[:_BANDS]:
        box = band.padded(_QUIET_SHARE * band.width + _QUIET_PX, 0)
        profile = projected(picture, box)
        best = weighed_prints(profile)[:1] if profile is not None else []
        if best and best[0].misfit < _HOPELESS:
            yield BandOfBars(_box(box, best[0]), best[0])


def together(unread: Sequence[BandOfBars]) -> Code | None:
    """Read one number that stands in several bands (twice on a label, or on several frames of one parcel).

    Bands that hold something else spoil the mean: then nothing is read, not something wrong.
    """
    by_length: dict[int, list[BandOfBars]] = {}
    for band in unread:
        by_length.setdefault(len(band.weighed_print.symbols), []).append(band)
    for same in sorted(by_length.values(), key=len, reverse=True):
        read = spelled([band.weighed_print for band in same]) if len(same) > 1 else None
        if read is not None:
            return Code(read.text, "Code128", same[0].box, restored=True)
    return None


def _box(box: Region, weighed_print: WeighedPrint) -> Box:
    """Box of the bars, beginning where the code begins."""
    view = View(np.zeros((1, 1), np.uint8), region_matrix(box, 1.0))
    left, right = weighed_print.left / BINS_PER_PX, weighed_print.right / BINS_PER_PX
    top, bottom = (0.0, box.height - 1) if not weighed_print.backwards else (box.height - 1, 0.0)
    return view.box([(left, top), (right, top), (right, bottom), (left, bottom)])
