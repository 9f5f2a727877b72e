"""The villages and communities of the whole country, by county: kept as sorted hashes of their stems."""

import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

from karez.domain.errors import BadConfig

SHIPPED = Path(__file__).parents[1] / "data" / "villages.gaps.z"
"""The file that comes with the package; rebuilt by ``python -m karez.address.build``."""

LONGEST_STEM = 4
"""Characters: 95 of 100 stems are no longer, and longer ones hardly need a list."""

_WIDEST_GAP = 0xFFFF
_ENDINGS = ("社区", "村")


class Villages:
    """Says whether a county has a village of some stem; of a million stems that it has not, about 120 pass.

    The names themselves are not kept: half a million of them would be a larger file than the gazetteer, and all that
    the parser asks is whether 下骆宅 is a village near by. A hash is the CRC-32 of county code and stem.
    """

    def __init__(self, hashes: "array[int]") -> None:
        self._hashes = hashes

    def __len__(self) -> int:
        return len(self._hashes)

    def has(self, county: str, stem: str) -> bool:
        """Say whether a village of that stem lies in the county (six digits of its code)."""
        sought = _hash(county, stem)
        place = bisect_left(self._hashes, sought)
        return place < len(self._hashes) and self._hashes[place] == sought


def stem_of(name: str) -> str:
    """Return a village's name without 村 or 社区, where two characters are left.

    Examples
    --------
    >>> stem_of("下骆宅村"), stem_of("多福巷社区"), stem_of("北村")
    ('下骆宅', '多福巷', '北村')
    """
    for ending in _ENDINGS:
        if name.endswith(ending) and len(name) >= len(ending) + 2:
            return name.removesuffix(ending)
    return name


def pack_villages(names: Iterable[tuple[str, str]]) -> bytes:
    """Return the bytes of a file for (county code, name of a village).

    The sorted hashes are kept as the gaps between them, 16 bits each; where a gap is wider, a filler stands in it. Low
    and high bytes are kept apart, as the high ones compress.
    """
    stems = {(county, stem_of(name)) for county, name in names}
    hashes = sorted({_hash(county, stem) for county, stem in stems if 2 <= len(stem) <= LONGEST_STEM})
    gaps = array("H")
    last = 0
    for each in hashes:
        while each - last > _WIDEST_GAP:
            gaps.append(_WIDEST_GAP)
            last += _WIDEST_GAP
        gaps.append(each - last)
        last = each
    raw = _little(gaps).tobytes()
    return zlib.compress(raw[::2] + raw[1::2], 9)


@lru_cache(maxsize=2)
def load_villages(path: Path = SHIPPED) -> Villages:
    """Read a file of villages, at the first address that needs it.

    Raises
    ------
    BadConfig
        Where it is missing or cut short.
    """
    try:
        raw = zlib.decompress(path.read_bytes())
    except (OSError, zlib.error) as fault:
        raise BadConfig(str(path), [(0, "villages", f"cannot be read ({fault})")]) from fault
    joined = bytearray(len(raw))
    joined[::2], joined[1::2] = raw[: len(raw) // 2], raw[len(raw) // 2 :]
    return Villages(array("I", accumulate(_little(array("H", bytes(joined))))))


def _little(gaps: "array[int]") -> "array[int]":
    """Return the numbers in the byte order of the file, or from it."""
    if sys.byteorder == "big":
        gaps.byteswap()
    return gaps


def _hash(county: str, stem: str) -> int:
    return zlib.crc32(f"{county}{stem}".encode())
