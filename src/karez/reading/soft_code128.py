"""Read Code 128 below the edge detector's limit: each symbol by the printed pattern that explains its grey best.

A decoder that looks for edges needs bars of about 1.5 pixels. Here start and stop pattern are found by correlation,
which gives the number of symbols and the width of a module. Then every symbol, as a whole and blurred as the picture
is, is compared with all 106 patterns, while a shortest path lets the symbols shift a little against an even spacing.
The result is taken only if it explains the profile, clearly better than the next best reading, and if its check value,
which took no part in the choice, is right.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from karez.reading import code128
from karez.reading.profiles import Profile

Floats = npt.NDArray[np.float32]

_PER_MODULE = 6  # samples
_REACH_MODULES = 4  # of the blur kernels
_GAUSSIANS = (0.3, 0.5, 0.7, 0.9, 1.1, 1.35)  # modules, standard deviation: defocus and the sensor's own pixel
_TRAVELS = (1.2, 1.6, 2.0, 2.4)  # modules travelled during exposure
_PROBES = (1, 3, 7)  # kernels that start and stop are looked for with

_FEWEST_SYMBOLS, _MOST_SYMBOLS = 6, 26
_MODULES = np.geomspace(105, 310, 44)  # widths of the box in modules that are tried: codes of 8 to 24 symbols
_QUIET = 6  # modules of quiet zone that belong to a start or stop pattern
_END_SHARE = 0.34  # of the profile: start and stop stand in its first and last part
_FLATTEST = 3.0  # grey levels: a window with less contrast counts as if it had this much
_ENDS_ALIKE = 1.5  # least sum of the correlations of start and stop
_HYPOTHESES = 4
_SHIFT = 5 * _PER_MODULE // 2  # how far symbols may stand off an even spacing, in samples: perspective, curved faces
_GOOD_FIT = 0.06

WORST_MISFIT = 0.22
"""Share of the grey's energy that the best patterns leave unexplained. Right readings had up to 0.16, wrong 0.40."""
LEAST_MARGIN = 0.03
"""By how much the next best pattern is worse, in energies of a symbol. Right readings had 0.056 and up, wrong 0.008."""


@dataclass(frozen=True, slots=True)
class WeighedPrint:
    """One print of a code, cut into its symbols.

    Attributes
    ----------
    symbols
        Symbols × samples: darkness of each symbol with a module of its neighbours, in units of their mean energy.
    misfit
        Share of the energy that the best patterns leave unexplained.
    left, right
        Where start pattern and stop pattern begin, in bins of the profile.
    backwards
        Whether the code runs against the profile.
    """

    symbols: Floats
    misfit: float
    left: float
    right: float
    backwards: bool


@dataclass(frozen=True, slots=True)
class Spelled:
    """A reading: its text, its fit, and its lead over the next best reading."""

    text: str
    misfit: float
    margin: float


def weighed_prints(profile: Profile) -> list[WeighedPrint]:
    """Cut a profile into the symbols of a Code 128, best explanation first.

    Parameters
    ----------
    profile
        Grey across a whole code, with some quiet zone; see `projection.projected`.
    """
    dark = -np.asarray(profile, np.float32)
    return sorted((_weighed_print(dark, ends) for ends in _ends(dark)), key=lambda each: each.misfit)


def spelled(prints: Sequence[WeighedPrint]) -> Spelled | None:
    """Read one code from all its prints (strips, frames): their mean has less noise than any of them.

    Prints with another number of symbols than the first are passed over.

    Returns
    -------
    ``None`` where the best symbols do not fit, do not lead clearly, or fail their check.
    """
    if not prints:
        return None
    misfits = _joint_misfits(prints)
    two_best = np.partition(misfits, 1, axis=1)
    misfit, margin = _unexplained(misfits), float((two_best[:, 1] - two_best[:, 0]).min())
    values = [int(value) for value in misfits.argmin(axis=1)]
    if misfit > WORST_MISFIT or margin < LEAST_MARGIN or not code128.check_is_right(values):
        return None
    text = code128.text_of(values[:-1])
    return Spelled(text, misfit, margin) if text.isascii() and text.isprintable() else None


def values_of(prints: Sequence[WeighedPrint]) -> list[int]:
    """Give the symbol values that explain the prints best, start and check value included, whether right or not."""
    return [int(value) for value in _joint_misfits(prints).argmin(axis=1)]


def _joint_misfits(prints: Sequence[WeighedPrint]) -> Floats:
    """Give the misfits of the prints' mean under the blur that explains it best."""
    symbols = np.mean([each.symbols for each in prints if each.symbols.shape == prints[0].symbols.shape], axis=0)
    return min((_misfits(symbols, kernel) for kernel in range(len(_kernels()))), key=_unexplained)


def _misfits(symbols: Floats, kernel: int) -> Floats:
    """Give the unexplained energy of each symbol under each pattern (symbols × 106), in mean energies."""
    energy = np.square(symbols).sum(axis=1)
    explained = np.square(np.maximum(symbols @ _symbol_patterns(kernel).T, 0))
    return np.asarray((energy[:, None] - explained) / max(float(energy.mean()), 1e-6), np.float32)


def _unexplained(misfits: Floats) -> float:
    return float(misfits.min(axis=1).mean())


@dataclass(frozen=True, slots=True)
class _Ends:
    """Where a code may start and stop (bins, in reading direction), and into how many symbols it then falls."""

    alike: float
    start: float
    stop: float
    symbols: int
    backwards: bool


def _ends(dark: Floats) -> list[_Ends]:
    """Find start and stop patterns for every width of a module that the box could hold."""
    found: list[_Ends] = []
    for modules in _MODULES:
        step = len(dark) / modules / _PER_MODULE
        for backwards, facing in ((False, dark), (True, dark[::-1])):
            start, begins = _best(facing, 0.0, step, _start_patterns())
            stop, behind = _best(facing, len(dark) * (1 - _END_SHARE), step, _stop_patterns())
            begins, behind = begins + _QUIET * _PER_MODULE * step, behind + _PER_MODULE * step
            symbols = (behind - begins) / (code128.SYMBOL_MODULES * _PER_MODULE * step)
            if _FEWEST_SYMBOLS <= round(symbols) <= _MOST_SYMBOLS and start + stop > _ENDS_ALIKE:
                found.append(_Ends(start + stop, begins, behind, round(symbols), backwards))
    found.sort(key=lambda ends: -ends.alike)
    return list(_distinct(found))


def _distinct(found: Sequence[_Ends]) -> Iterator[_Ends]:
    kept: list[_Ends] = []
    for ends in found:
        module = (ends.stop - ends.start) / (ends.symbols * code128.SYMBOL_MODULES)
        if not any(_same(ends, other, module) for other in kept):
            kept.append(ends)
            yield ends
        if len(kept) == _HYPOTHESES:
            return


def _same(ends: _Ends, other: _Ends, within: float) -> bool:
    if (ends.symbols, ends.backwards) != (other.symbols, other.backwards):
        return False
    return abs(ends.start - other.start) + abs(ends.stop - other.stop) < within


def _best(dark: Floats, first: float, step: float, patterns: Floats) -> tuple[float, float]:
    """Give the best correlation of any pattern within one end of the profile, and where (bins) its window begins."""
    count = int(len(dark) * _END_SHARE / step)
    length = patterns.shape[1]
    if count <= length:
        return 0.0, first
    part = np.interp(first + np.arange(count) * step, np.arange(len(dark)), dark).astype(np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(part, length)
    sums, squares = np.cumsum(np.append(0, part)), np.cumsum(np.append(0, np.square(part, dtype=np.float64)))
    mean = (sums[length:] - sums[:-length]) / length
    spread = np.sqrt(np.maximum((squares[length:] - squares[:-length]) / length - mean**2, 0))
    alike = (windows @ patterns.T).max(axis=1) / (np.maximum(spread, _FLATTEST) * length**0.5)
    place = int(alike.argmax())
    return float(alike[place]), first + place * step


def _weighed_print(dark: Floats, ends: _Ends) -> WeighedPrint:
    """Place each symbol where some pattern explains it, under the blur that explains the whole code best."""
    windows = _windows(dark[::-1] if ends.backwards else dark, ends)
    energy = np.einsum("sow,sow->so", windows, windows)
    best, found = np.inf, windows[:, _SHIFT]
    for kernel in range(len(_kernels())):
        explained = np.maximum(windows @ _symbol_patterns(kernel).T, 0).max(axis=2)
        symbols = windows[np.arange(ends.symbols), _best_path(energy - np.square(explained))]
        misfit = _unexplained(_misfits(symbols, kernel))
        if misfit < best:
            best, found = misfit, symbols
        if misfit < _GOOD_FIT:
            break
    length = len(dark)
    left, right = (length - ends.start, length - ends.stop) if ends.backwards else (ends.start, ends.stop)
    scale = float(np.square(found).sum(axis=1).mean()) ** 0.5
    return WeighedPrint(found / max(scale, 1e-6), best, left, right, ends.backwards)


def _windows(dark: Floats, ends: _Ends) -> Floats:
    """Cut out symbols × shifts windows: a symbol with one module of its neighbours on each side, mean taken off."""
    symbol, length = code128.SYMBOL_MODULES * _PER_MODULE, (code128.SYMBOL_MODULES + 2) * _PER_MODULE
    step = (ends.stop - ends.start) / (ends.symbols * symbol)
    first = _SHIFT + _PER_MODULE
    at = ends.start + (np.arange(ends.symbols * symbol + length + 2 * first) - first) * step
    sampled = np.interp(at, np.arange(len(dark)), dark).astype(np.float32)
    begins = (np.arange(ends.symbols) * symbol)[:, None] + np.arange(2 * _SHIFT + 1)[None, :]
    cut = np.lib.stride_tricks.sliding_window_view(sampled, length)[begins]
    return np.asarray(cut - cut.mean(axis=2, keepdims=True), np.float32)


def _best_path(unexplained: Floats) -> list[int]:
    """Choose each symbol's shift so that all fit best and neighbours differ by one sample at most."""
    total, steps = unexplained[0], []
    for symbol in unexplained[1:]:
        ways = np.stack([np.append(np.inf, total[:-1]), total, np.append(total[1:], np.inf)])
        steps.append(ways.argmin(axis=0) - 1)
        total = ways.min(axis=0) + symbol
    path = [int(total.argmin())]
    for step in reversed(steps):
        path.append(path[-1] + int(step[path[-1]]))
    return path[::-1]


@cache
def _kernels() -> tuple[Floats, ...]:
    """List the blurs of a picture, in samples of a module."""
    at = np.arange(-_REACH_MODULES * _PER_MODULE, _REACH_MODULES * _PER_MODULE + 1) / _PER_MODULE
    lenses = [np.exp(-(at**2) / 2 / spread**2) for spread in _GAUSSIANS]
    pixel = np.exp(-(at**2) / 2 / 0.35**2)
    travels = [
        np.convolve(np.clip((travel / 2 - np.abs(at)) * _PER_MODULE + 0.5, 0, 1), pixel, "same") for travel in _TRAVELS
    ]
    return tuple((kernel / kernel.sum()).astype(np.float32) for kernel in (*lenses, *travels))


def _blurred(modules: Iterable[float], kernel: int, skip: int, count: int) -> Floats:
    """Draw modules under a blur, and give ``count`` of them from the module ``skip`` on, as a unit vector."""
    drawn = np.convolve(np.repeat(np.array(list(modules), np.float32), _PER_MODULE), _kernels()[kernel], "same")
    part = drawn[skip * _PER_MODULE : (skip + count) * _PER_MODULE]
    part = part - part.mean()
    return np.asarray(part / np.linalg.norm(part), np.float32)


@cache
def _symbol_patterns(kernel: int) -> Floats:
    """All patterns between the space before and the bar behind that every symbol stands between."""
    before, behind = [0] * 4 + [1, 0], [1, 1, 0, 0, 0, 0]
    count = code128.SYMBOL_MODULES + 2
    return np.array([_blurred([*before, *row, *behind], kernel, 5, count) for row in code128.PATTERNS])


@cache
def _start_patterns() -> Floats:
    starts = code128.PATTERNS[code128.START_A :]
    quiet, behind, count = [0] * 12, [1, 1, 0, 0, 0, 0], _QUIET + code128.SYMBOL_MODULES + 1
    rows = [_blurred([*quiet, *row, *behind], kernel, 12 - _QUIET, count) for kernel in _PROBES for row in starts]
    return np.array(rows)


@cache
def _stop_patterns() -> Floats:
    before, quiet, count = [0] * 4 + [1, 0], [0] * 12, 1 + code128.STOP_MODULES + _QUIET
    return np.array([_blurred([*before, *code128.STOP, *quiet], kernel, 5, count) for kernel in _PROBES])
