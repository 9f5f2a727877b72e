"""Code 128 by its table: what the printed patterns are, and what a row of symbol values says (ISO/IEC 15417)."""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

SYMBOL_MODULES = 11
STOP_MODULES = 13
START_A, START_B, START_C = 103, 104, 105
_CHECK_MODULUS = 103
_TO_C, _TO_B, _TO_A, _SHIFT, _FNC1 = 99, 100, 101, 98, 102
_GROUP_SEPARATOR = "\x1d"

_WIDTHS = re.findall(
    "[1-4]{6}",
    """
    212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222
    123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321
    232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121
    313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224
    111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111
    111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113
    114311 411113 411311 113141 114131 311141 411131 211412 211214 211232
    """,
)
"""Bar and space widths of the values 0 to 105; each begins with a bar and ends with a space."""
_STOP_WIDTHS = "2331112"


def _modules(widths: str) -> npt.NDArray[np.float32]:
    bars = (np.arange(len(widths)) + 1) % 2
    return np.repeat(bars, [int(width) for width in widths]).astype(np.float32)


PATTERNS: npt.NDArray[np.float32] = np.array([_modules(widths) for widths in _WIDTHS])
"""106 × 11: 1 where a module is dark."""
STOP: npt.NDArray[np.float32] = _modules(_STOP_WIDTHS)


def check_is_right(values: Sequence[int]) -> bool:
    """Say whether a start value, data values and the check value fit together."""
    if len(values) < 3 or values[0] < START_A or any(value >= START_A for value in values[1:]):
        return False
    weighted = values[0] + sum(place * value for place, value in enumerate(values[1:-1], 1))
    return weighted % _CHECK_MODULUS == values[-1]


def text_of(values: Sequence[int]) -> str:
    """Spell the data values behind a start value (without check value); GS stands for FNC1 behind the first place."""
    code_set, shifted = {START_A: "A", START_B: "B", START_C: "C"}[values[0]], ""
    spelled: list[str] = []
    for place, value in enumerate(values[1:]):
        current, shifted = shifted or code_set, ""
        if value == _FNC1:
            spelled.append(_GROUP_SEPARATOR if place else "")
        elif current == "C" and value < 100:
            spelled.append(f"{value:02d}")
        elif current != "C" and value < 96:
            spelled.append(_character(current, value))
        elif value == _SHIFT and current != "C":
            shifted = "B" if current == "A" else "A"
        else:
            code_set = {_TO_C: "C", _TO_B: "B", _TO_A: "A"}.get(value, code_set)
    return "".join(spelled)


def _character(code_set: str, value: int) -> str:
    if code_set == "A" and value >= 64:
        return chr(value - 64)
    return chr(value + 32)
