"""Pictures of one parcel that were read one by one are judged together."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.domain.reading import Box, Code, Found, Line, NoRead, NoReadReason, Reading, Source, SourceKind
from karez.reading import mentions, verdicts
from karez.reading.fusion import Evidence, evidence, judged_with
from karez.reading.verdicts import Refused
from karez.reading.waybills import WaybillRules

BOX: Box = ((0, 0), (9, 0), (9, 9), (0, 9))
RULES = WaybillRules(("yto", "sf", "zto", "sto"), lambda number: False)
A, B, NEAR_A = "YT2512345678901", "SF1234567890123", "YT2512345678907"


def picture(codes: Sequence[str] = (), lines: Sequence[str] = (), sort_code: str | None = None) -> Reading | NoRead:
    """What the reader says of one picture."""
    decoded = tuple(Code(text, "Code128", BOX) for text in codes)
    printed = tuple(Line(text, "Latn", 0.97, BOX) for text in lines)
    found = [*mentions.code_mentions(decoded, RULES), *mentions.line_mentions(printed, RULES)]
    verdict = verdicts.judge(found, RULES, [*codes, *lines])
    field = None if sort_code is None else Found(sort_code, Source(SourceKind.LINE, 0, (0,)), 0.8)
    if isinstance(verdict, Refused):
        return NoRead(verdict.reason, verdict.explanation, verdict.candidates, field, None, decoded, printed)
    number = Found(verdict.number, verdict.source, verdict.confidence)
    return Reading(number, verdict.company, field, None, decoded, printed, 1.0)


def together(*pictures: Reading | NoRead) -> Reading | NoRead:
    """The last of them, judged with those before it."""
    told: list[Evidence] = []
    for each in pictures:
        own = evidence(each, RULES)
        outcome = judged_with(each, own, told, RULES)
        told.append(own)
    return outcome


def taken(outcome: Reading | NoRead) -> str:
    assert isinstance(outcome, Reading), outcome
    return outcome.waybill.value


def refused(outcome: Reading | NoRead) -> NoReadReason:
    assert isinstance(outcome, NoRead), outcome
    return outcome.reason


def test_two_pictures_that_tell_a_number_by_text_alone_confirm_each_other() -> None:
    one = picture(lines=[A])
    assert refused(one) is NoReadReason.UNCONFIRMED
    assert taken(together(one, one)) == A


def test_a_code_of_bare_figures_is_confirmed_by_the_print_in_another_picture() -> None:
    printed = picture(lines=["1234 5678 9012", "顺丰速运"])
    assert taken(together(picture(codes=["123456789012"]), printed)) == "123456789012"


@pytest.mark.parametrize("first", [True, False])
def test_a_picture_that_tells_nothing_does_not_lift_the_contradiction_of_another(first: bool) -> None:
    bars = Code(A, "Code128", ((100, 100), (500, 100), (500, 200), (100, 200)), restored=True)
    print_ = Line(B, "Latn", 0.95, ((150, 205), (450, 205), (450, 225), (150, 225)))
    torn = NoRead(NoReadReason.CONTRADICTION, "its print says another number", (A, B), codes=(bars,), lines=(print_,))
    blank = NoRead(NoReadReason.NO_LABEL, "nothing")

    outcome = together(blank, torn) if first else together(torn, blank)

    assert refused(outcome) is NoReadReason.CONTRADICTION


def test_another_waybill_in_a_later_picture_is_a_contradiction_with_both() -> None:
    outcome = together(picture(codes=[A]), picture(codes=[B]))
    assert refused(outcome) is NoReadReason.CONTRADICTION
    assert isinstance(outcome, NoRead)
    assert set(outcome.candidates) == {A, B}


def test_three_pictures_outvote_a_misread_one_whichever_came_first() -> None:
    right, wrong = picture(codes=[A]), picture(codes=[NEAR_A])
    assert refused(together(wrong, right)) is NoReadReason.CONTRADICTION
    assert taken(together(wrong, right, right, right)) == A
    assert taken(together(right, right, right, wrong)) == A


def test_a_picture_without_a_number_keeps_what_an_earlier_one_told() -> None:
    outcome = together(picture(codes=[A]), picture(lines=["喀什地区莎车县"], sort_code="902A M088-00 29"))
    assert taken(outcome) == A
    assert isinstance(outcome, Reading)
    assert outcome.waybill.source.indices == ()  # it stands in an earlier picture
    assert outcome.sort_code is not None
    assert outcome.sort_code.source.indices == (0,)


def test_fields_are_voted_over_the_pictures() -> None:
    good, bad = picture(codes=[A], sort_code="902A M088-00 29"), picture(codes=[A], sort_code="902A M088-00 20")
    outcome = together(good, good, bad)
    assert outcome.sort_code is not None
    assert outcome.sort_code.value == "902A M088-00 29"
    assert outcome.sort_code.source.indices == ()


def test_a_reading_whose_codes_did_not_come_with_it_counts_as_well() -> None:
    bare = Reading(Found(B, Source(SourceKind.CODE, 0, ()), 0.99), "sf", None, None, (), (), 1.0)
    assert refused(together(bare, picture(codes=[A]))) is NoReadReason.CONTRADICTION
    assert taken(together(bare, picture(lines=["x"]))) == B


@given(
    st.lists(st.sampled_from([(A,), (NEAR_A,), (B,), ()]), min_size=1, max_size=6).flatmap(
        lambda shots: st.tuples(st.just(shots), st.permutations(shots))
    )
)
def test_the_order_of_pictures_does_not_decide(both: tuple[list[tuple[str, ...]], list[tuple[str, ...]]]) -> None:
    one, other = (together(*(picture(codes=codes) for codes in shots)) for shots in both)
    assert isinstance(one, Reading) == isinstance(other, Reading)
    if isinstance(one, Reading):
        assert taken(other) == taken(one)
    elif isinstance(other, NoRead):
        assert set(one.candidates) == set(other.candidates)
