"""What every QR code of a version has in the same places: finders, timing, alignment patterns, format and version.

Source of all figures: ISO/IEC 18004:2015, clauses 6.3, 7.9 and 7.10, annexes C, D and E.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

Modules = npt.NDArray[np.int8]
"""Side × side, row by row: 1 dark, -1 light, 0 open."""
Soft = npt.NDArray[np.float32]
"""Side × side, row by row: above 0 rather dark, below rather light."""

FINDER = 7
"""Modules of a finder's side."""
VERSIONS = range(1, 41)
_FORMAT_GENERATOR, _FORMAT_MASK = 0x537, 0x5412
_VERSION_GENERATOR = 0x1F25
_FIRST_WITH_VERSION = 7


def side(version: int) -> int:
    """Count the modules along a side, without the quiet zone."""
    return 17 + 4 * version


def version_of(count: int) -> int:
    """Tell the version from the modules along a side."""
    return (count - 17) // 4


@cache
def fixed(version: int) -> Modules:
    """Draw all that a version prescribes; format and content are left open."""
    count = side(version)
    grid = np.zeros((count, count), np.int8)
    grid[FINDER - 1, :] = grid[:, FINDER - 1] = np.where(np.arange(count) % 2 == 0, 1, -1)
    for row, column in ((3, 3), (3, count - 4), (count - 4, 3)):
        _ring(grid, row, column, 4, -1)
        _pattern(grid, row, column, 3)
    for row, column in alignments(version):
        _pattern(grid, row, column, 2)
    grid[count - 8, 8] = 1
    if version >= _FIRST_WITH_VERSION:
        word = _with_remainder(version, 12, _VERSION_GENERATOR)
        for bit in range(18):
            row, column = count - 11 + bit % 3, bit // 3
            grid[row, column] = grid[column, row] = 1 if word >> bit & 1 else -1
    grid.setflags(write=False)
    return grid


def alignments(version: int) -> list[tuple[int, int]]:
    """List row and column of the alignment patterns' centres; three corners are taken by finders."""
    along = _alignment_places(version)
    taken = {(0, 0), (0, len(along) - 1), (len(along) - 1, 0)}
    return [(r, c) for i, r in enumerate(along) for j, c in enumerate(along) if (i, j) not in taken]


def with_format(soft: Soft) -> Modules:
    """Decide each module, with the format that agrees best with both of its prints and all that is prescribed."""
    count = len(soft)
    grid = np.where(soft > 0, 1, -1).astype(np.int8)
    places = np.array(_format_places(count))
    read = soft[places[..., 0], places[..., 1]].sum(axis=0)
    words = _format_words()
    grid[places[..., 0], places[..., 1]] = words[int(np.argmax(words @ read))]
    prescribed = fixed(version_of(count))
    return np.where(prescribed != 0, prescribed, grid)


def drawn(grid: Modules, module_px: int, quiet: int = 4) -> npt.NDArray[np.uint8]:
    """Draw modules dark on light, in their quiet zone."""
    padded = np.pad(grid, quiet, constant_values=-1)
    return np.asarray(np.kron(np.where(padded > 0, 0, 255), np.ones((module_px, module_px))), np.uint8)


def _pattern(grid: Modules, row: int, column: int, reach: int) -> None:
    """Draw a dark ring around a light one around a dark middle."""
    _ring(grid, row, column, reach, 1)
    _ring(grid, row, column, reach - 1, -1)
    _ring(grid, row, column, reach - 2, 1)


def _ring(grid: Modules, row: int, column: int, reach: int, value: int) -> None:
    grid[max(0, row - reach) : row + reach + 1, max(0, column - reach) : column + reach + 1] = value


def _alignment_places(version: int) -> list[int]:
    """Rows (and columns) of alignment patterns, by the least even step from the far end that spans it (annex E)."""
    if version == 1:
        return []
    count = version // 7 + 2
    last = side(version) - FINDER
    step = 26 if version == 32 else -(-(last - 6) // (2 * (count - 1))) * 2
    return [6, *(last - step * back for back in reversed(range(count - 1)))]


def _format_places(count: int) -> list[list[tuple[int, int]]]:
    """Row and column of the 15 bits of the format, lowest first, in both of its prints."""
    around = [*((i, 8) for i in range(6)), (7, 8), (8, 8), (8, 7), *((8, 14 - i) for i in range(9, 15))]
    apart = [*((8, count - 1 - i) for i in range(8)), *((count - 15 + i, 8) for i in range(8, 15))]
    return [around, apart]


@cache
def _format_words() -> npt.NDArray[np.int8]:
    words = [_with_remainder(data, 10, _FORMAT_GENERATOR) ^ _FORMAT_MASK for data in range(32)]
    return np.array([[1 if word >> bit & 1 else -1 for bit in range(15)] for word in words], np.int8)


def _with_remainder(data: int, bits: int, generator: int) -> int:
    """Append the check bits of a BCH code to its data."""
    rest = data << bits
    while rest.bit_length() >= generator.bit_length():
        rest ^= generator << (rest.bit_length() - generator.bit_length())
    return data << bits | rest
