"""What was decoded of enhanced bars is believed as far as their own check goes, or others agree."""

import pytest

from karez.reading.symbologies import (
    Read,
    believed_of_looks,
    believed_of_strips,
    believed_of_views,
    by_chance,
    unchecked,
)

ITEM, OTHER_ITEM, SQUARE = ("6901234567892", "EAN13"), ("6901284567842", "EAN13"), ("YT4342518558713", "QRCode")
SHORT_ITF, LONG_ITF, BOOK_ADD_ON = ("9004", "ITF"), ("16940685111183", "ITF"), ("012345", "UPCE")


@pytest.mark.parametrize(
    ("looks", "believed"),
    [([{ITEM}], []), ([{ITEM, OTHER_ITEM}, {ITEM}], [ITEM]), ([{SQUARE}], [SQUARE])],
)
def test_a_weak_check_needs_two_looks_and_a_strong_one_needs_none(looks: list[set[Read]], believed: list[Read]) -> None:
    assert believed_of_looks([frozenset(look) for look in looks]) == believed


def test_one_view_alone_is_not_believed_but_for_codes_that_correct_themselves() -> None:
    once = frozenset({ITEM})
    assert believed_of_views([once, frozenset()]) == []
    assert believed_of_views([once, once]) == [ITEM]
    assert believed_of_views([once, once, frozenset({OTHER_ITEM})]) == []
    assert believed_of_views([frozenset({SHORT_ITF})] * 2) == []
    assert believed_of_views([frozenset({SQUARE})]) == [SQUARE]


@pytest.mark.parametrize(
    ("strips", "lead", "believed"),
    [
        ([], 1, None),
        ([ITEM], 1, ITEM),
        ([ITEM, OTHER_ITEM], 1, None),
        ([ITEM, ITEM, OTHER_ITEM], 2, None),
        ([ITEM, OTHER_ITEM, ITEM, ITEM], 2, ITEM),
        ([LONG_ITF] * 2, 2, LONG_ITF),
        ([SHORT_ITF] * 6, 2, None),
        ([BOOK_ADD_ON] * 6, 2, None),
    ],
)
def test_strips_are_believed_where_most_of_them_say_the_same(
    strips: list[Read], lead: int, believed: Read | None
) -> None:
    assert believed_of_strips(strips, lead) == believed


def test_the_smallest_aztec_is_what_damaged_print_gives() -> None:
    assert by_chance(("7", "AztecRune"))
    assert not by_chance(("7", "QRCode"))


def test_symbologies_without_a_check_are_known_by_the_beginning_of_their_names() -> None:
    assert all(unchecked(form) for form in ("ITF", "Code39Ext", "Codabar"))
    assert not any(unchecked(form) for form in ("Code128", "EAN13", "QRCode"))
