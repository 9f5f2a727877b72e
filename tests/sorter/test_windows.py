"""Up to when an order still reaches its chute, and which confirmations cannot be true."""

from karez.domain.ids import ChuteId
from karez.sorter.windows import TOLERANCE_MS, ChuteWindows, Timing

A, B, C = (ChuteId(name) for name in "ABC")
WINDOWS = ChuteWindows({A: 4_000, B: 8_000})


def test_a_chute_lies_ahead_until_its_last_chance_point() -> None:
    assert WINDOWS.still_ahead((B, A), 3_999) == (B, A)
    assert WINDOWS.still_ahead((B, A), 4_000) == (B,)


def test_a_chute_without_a_window_is_left_to_the_sorter() -> None:
    assert WINDOWS.ahead(C, 1e9) and WINDOWS.timing(C, 5) is Timing.UNKNOWN


def test_a_confirmation_far_from_its_window_is_early_or_late() -> None:
    assert WINDOWS.timing(A, 4_000 - TOLERANCE_MS - 1) is Timing.EARLY
    assert WINDOWS.timing(A, 4_000) is Timing.IN_TIME
    assert WINDOWS.timing(A, 4_000 + TOLERANCE_MS + 1) is Timing.LATE
