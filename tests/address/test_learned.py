"""Learned addresses: what counts, how much, for how long, and that no answer is taken for another door."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.address.door import door_of
from karez.address.gazetteer import Gazetteer
from karez.address.learned import SUREST, AnswersInMemory, LearnedAddresses, standing, weight
from karez.address.resolver import Resolver
from karez.domain.advice import PreAdvice
from karez.domain.destination import Destination, DestinationReason, Unresolved, UnresolvedReason
from karez.domain.ids import AnswerId, AreaId
from karez.domain.learned import LearnedAnswer
from karez.domain.reading import Found, Reading, Source, SourceKind

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
HALF_LIFE = timedelta(days=180)
DOOR = "喀什地区喀什市色满路112号"


def answer(area: str, operator: str = "Aygul", days_ago: float = 0, *, id: str = "", decides: bool = False):
    at = NOW - timedelta(days=days_ago)
    return LearnedAnswer(AnswerId(id or f"{area}-{operator}-{days_ago}"), DOOR, AreaId(area), operator, at, decides)


def stands(*answers: LearnedAnswer):
    return standing(answers, NOW, HALF_LIFE)


answers_given = st.lists(
    st.builds(
        answer,
        st.sampled_from(("KS-01", "KS-02", "KS-03")),
        st.sampled_from(("Aygul", "Li", "Ma")),
        st.integers(0, 1000),
        id=st.uuids().map(str),
        decides=st.sampled_from((False, False, False, True)),
    ),
    max_size=8,
    unique_by=lambda each: each.id,
)


def test_one_answer_leads_to_its_area_and_more_make_it_surer_but_never_certain() -> None:
    sure = [stands(*(answer("KS-01", days_ago=n, id=str(n)) for n in range(count))).confidence for count in (1, 2, 5)]
    assert 0.5 < sure[0] < sure[1] < sure[2] < SUREST
    many = stands(*(answer("KS-01", f"op {n}", id=str(n)) for n in range(1000)))
    assert (many.area, many.confidence) == ("KS-01", SUREST)


def test_two_operators_who_agree_are_worth_more_than_one_who_says_it_twice() -> None:
    twice = stands(answer("KS-01", id="a"), answer("KS-01", id="b"))
    two = stands(answer("KS-01", "Aygul"), answer("KS-01", "Li"))
    assert two.confidence > twice.confidence
    assert two.operators == ["Aygul", "Li"]


def test_an_answer_weighs_half_after_each_half_life_and_no_more_than_one() -> None:
    assert weight(answer("KS-01"), NOW, HALF_LIFE) == 1
    assert weight(answer("KS-01", days_ago=180), NOW, HALF_LIFE) == pytest.approx(0.5)
    assert weight(answer("KS-01", days_ago=360), NOW, HALF_LIFE) == pytest.approx(0.25)
    assert weight(answer("KS-01", days_ago=-1), NOW, HALF_LIFE) == 1, "a clock that was put back makes nothing heavier"


def test_two_operators_who_disagree_lead_nowhere_until_the_lead_decides() -> None:
    mine, hers = answer("KS-01", "Aygul", 3), answer("KS-02", "Li", 2)
    dispute = stands(mine, hers)
    assert (dispute.area, dispute.areas, dispute.disputed, dispute.confidence) == (None, ["KS-01", "KS-02"], True, 0)
    decided = stands(mine, hers, answer("KS-02", "Lead", 1, decides=True))
    assert (decided.area, decided.operators) == ("KS-02", ["Lead", "Li"])
    again = stands(mine, hers, answer("KS-02", "Lead", 1, decides=True), answer("KS-01", "Aygul", 0))
    assert again.disputed, "who goes on disagreeing is heard"


def test_an_answer_that_has_faded_disputes_nothing_any_more() -> None:
    many = [answer("KS-02", "Li", days) for days in range(30)]
    assert stands(answer("KS-01", days_ago=399), *many).area == "KS-02"
    assert stands(answer("KS-01", days_ago=359), *many).disputed
    assert stands(answer("KS-01", days_ago=399), answer("KS-02", "Li", 390)).disputed, "both are as old"


def test_an_operator_who_changes_her_mind_corrects_herself() -> None:
    changed = stands(answer("KS-01", days_ago=9), answer("KS-01", days_ago=8), answer("KS-02", days_ago=1))
    assert (changed.area, len(changed.counted)) == ("KS-02", 1)


@given(answers_given, st.randoms(use_true_random=False))
def test_the_order_in_which_answers_are_stored_makes_no_difference(given_: list[LearnedAnswer], random: Random) -> None:
    mixed = list(given_)
    random.shuffle(mixed)
    assert standing(mixed, NOW, HALF_LIFE) == standing(given_, NOW, HALF_LIFE)


@given(answers_given, st.builds(answer, st.sampled_from(("KS-01", "KS-02")), days_ago=st.integers(0, 9)))
def test_undoing_an_answer_gives_exactly_what_was_before(given_: list[LearnedAnswer], one: LearnedAnswer) -> None:
    before = standing(given_, NOW, HALF_LIFE)
    undone = [each for each in [*given_, one] if each.id != one.id]
    assert standing(undone, NOW, HALF_LIFE) == before


@given(answers_given)
def test_an_area_is_given_only_where_all_that_counts_agrees(given_: list[LearnedAnswer]) -> None:
    found = standing(given_, NOW, HALF_LIFE)
    if found is None:
        assert given_ == []
    elif found.area is None:
        assert found.disputed and found.confidence == 0
    else:
        assert {each.area for each in found.counted} == {found.area}
        assert 0.5 <= found.confidence <= SUREST


@given(answers_given, st.floats(0, 5000))
def test_without_new_answers_nothing_grows_surer_with_time(given_: list[LearnedAnswer], days: float) -> None:
    now, later = (standing(given_, NOW + timedelta(days=each), HALF_LIFE) for each in (0, days))
    assert (now is None) == (later is None)
    if now is not None and later is not None:
        assert later.confidence <= now.confidence
        assert later.areas == now.areas


def test_of_those_given_a_confidence_at_least_as_many_are_right() -> None:
    """Ours: an operator errs once in thirty, and a door changes its area once in two years; who is right is counted."""
    random = Random("learned")
    by_tenth: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for _ in range(6000):
        truth_since = random.expovariate(1 / 730)  # days since the door's area last changed
        given_ = []
        for number in range(random.randint(1, 8)):
            days_ago = random.uniform(0, 400)
            area = "KS-01" if days_ago < truth_since and random.random() > 1 / 30 else "KS-02"
            given_.append(answer(area, random.choice(("Aygul", "Li", "Ma")), days_ago, id=str(number)))
        found = stands(*given_)
        if found.area is not None:
            by_tenth[int(found.confidence * 10)].append((found.confidence, found.area == "KS-01"))
    assert set(by_tenth) == {5, 6, 7, 8, 9}
    for tenth in by_tenth.values():
        assert sum(sure for sure, _ in tenth) <= sum(right for _, right in tenth)


# ---- doors -------------------------------------------------------------------------------------------------------


def door(text: str, gazetteer: Gazetteer) -> str | None:
    return door_of(text, Resolver(gazetteer).from_text(text), gazetteer)


@pytest.mark.parametrize(
    "text",
    [
        "喀什市色满路112号3单元501",
        "喀什市色满路112号3单元501室",
        "喀什市色满路 112 号",
        "喀什色满路112号",
        "新疆维吾尔自治区喀什地区喀什市色满路112号",
        "新疆喀什地区喀什市色满路112号5层",
        "喀什市色满路112号",
        "喀什地区喀什市色满路112号 张三 13812345678",
        "张三,13812345678,新疆喀什地区喀什市色满路112号",
        "喀什市色满路112号 买买提·艾力 0998-2571234",
        "喀什市色满路112号(放门卫)",
        "喀什市色满路112",
        "喀什市色满路112号院3栋",
        "喀什市色满路112-3号",
        "喀什市色满路112号古丽巴格收",
        "收件人:张三 电话:13812345678 地址:喀什市色满路112号",
        "收件人张三 电话13812345678 地址喀什市色满路112号",
    ],
)
def test_one_door_is_one_address_however_it_is_written(text: str, gazetteer: Gazetteer) -> None:
    assert door(text, gazetteer) == DOOR


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("喀什市色满路112号", "喀什市色满路114号"),
        ("喀什市色满路112号", "莎车县色满路112号"),
        ("喀什市色满路112号", "喀什市人民东路112号"),
        ("喀什市色满乡8村3组", "喀什市色满乡8村4组"),
        ("江苏省南京市鼓楼区中山路1号", "江苏省徐州市鼓楼区中山路1号"),
        ("喀什市天和小区3号楼", "喀什市天和小区4号楼"),
        ("قەشقەر شەھىرى سەمەن يولى 112-نومۇر", "قەشقەر شەھىرى سەمەن يولى 114-نومۇر"),
        ("Seman Rd 112, Kashgar", "Seman Rd 114, Kashgar"),
    ],
)
def test_two_doors_are_never_one_address(one: str, other: str, gazetteer: Gazetteer) -> None:
    assert door(one, gazetteer) and door(other, gazetteer)
    assert door(one, gazetteer) != door(other, gazetteer)


def test_a_regiment_and_the_town_it_became_are_one_address(gazetteer: Gazetteer) -> None:
    doors = {door(text, gazetteer) for text in ("五十一团一连", "51团1连", "图木舒克市唐驿镇1连")}
    assert len(doors) == 1 and None not in doors


@pytest.mark.parametrize(
    "text",
    [
        "",
        "喀什市",
        "新疆喀什地区喀什市色满乡",
        "قەشقەر شەھىرى",
        "Kashgar",
        "13812345678",
        "📦📦",
        "喀什市 张三 13812345678",
        "你好 我是王建国",
        "王建国",
        "喀什市 古丽娜尔",
        "喀什市人民东路王建国",
        "放门口 2楼",
        "Wang Jianguo, Renmin Road, Kashgar",
    ],
)
def test_what_names_no_door_is_not_learned(text: str, gazetteer: Gazetteer) -> None:
    assert door(text, gazetteer) is None


def test_an_address_that_no_county_is_found_for_is_compared_by_its_text(gazetteer: Gazetteer) -> None:
    assert door("鼓楼区中山路1号2单元301", gazetteer) == "鼓楼区中山路1号"
    assert door("天元大酒店 13812345678", gazetteer) == "天元大酒店"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("喀什市天和小区3号楼2单元501 阿依古丽", "喀什地区喀什市天和小区3号楼"),
        ("喀什市人民东路天和小区 麦麦提 13812345678", "喀什地区喀什市人民东路天和小区"),
        ("喀什市人民东路天和小区 张三收", "喀什地区喀什市人民东路天和小区"),
        ("疏勒县疏勒镇幸福小区张三 138****5678", "喀什地区疏勒县疏勒镇幸福小区"),
        ("喀什市天和小区A区3栋", "喀什地区喀什市天和小区a区3栋"),
        ("喀什市第二人民医院住院部", "喀什地区喀什市第二人民医院住院部"),
        ("荒地乡3村5组 古丽娜尔", "喀什地区喀什市荒地乡三村五组"),
        ("荒地乡3村5组古丽娜尔", "喀什地区喀什市荒地乡三村五组"),
        ("疏附县乌帕尔乡5村 阿卜杜热合曼", "喀什地区疏附县乌帕尔镇五村"),
        ("疏附县乌帕尔乡5村阿亚格买里", "喀什地区疏附县乌帕尔镇五村阿亚格买里"),
        ("疏附县乌帕尔乡五村 阿*** 易碎", "喀什地区疏附县乌帕尔镇五村"),
        ("疏附县乌帕尔乡五村 阿*** 1782158xxxx转0002 易碎", "喀什地区疏附县乌帕尔镇五村"),
        ("喀什市人民东路邮局王建国", "喀什地区喀什市人民东路邮局"),
        ("喀什市人民东路高级中学", "喀什地区喀什市人民东路高级中学"),
        ("Wang Jianguo 12 Renmin Road, Kashgar", "喀什地区喀什市12renminroad"),
        ("12 Renmin Road, Kashgar, Aygul", "喀什地区喀什市12renminroad"),
        ("Aygul, Huandi village 3 group 5, Kashgar", "喀什地区喀什市huandivillage3group5"),
        ("قەشقەر شەھىرى خەلق يولى 12-نومۇر گۈلنار", "喀什地区喀什市خەلقيولى12نومۇر"),
    ],
)
def test_names_are_left_out_and_parts_of_an_estate_are_not(text: str, kept: str, gazetteer: Gazetteer) -> None:
    assert door(text, gazetteer) == kept


@given(st.text(max_size=60), st.integers(13_000_000_000, 19_999_999_999))
def test_no_phone_number_is_ever_part_of_a_door(gazetteer: Gazetteer, text: str, phone: int) -> None:
    for written in (f"{text} {phone}", f"喀什市色满路112号{text} {phone}", f"{phone} {text}"):
        assert str(phone) not in (door(written, gazetteer) or "")


@pytest.mark.parametrize(
    "text", ["喀什市色满路112号", "天元大酒店", "莎车县荒地镇5村2组56号", "江苏省徐州市鼓楼区中山路1号"]
)
def test_an_exported_door_is_the_same_door_when_it_is_added_again(text: str, gazetteer: Gazetteer) -> None:
    once = door(text, gazetteer)
    assert once is not None and door(once, gazetteer) == once


def test_answers_are_found_by_what_their_addresses_begin_with() -> None:
    kept = AnswersInMemory([answer("KS-01")])
    assert kept.any_below("") and kept.any_below("喀什地区喀什市") and kept.any_below(DOOR)
    assert (
        not kept.any_below("喀什地区莎车县") and not kept.any_below("阿克苏") and not AnswersInMemory(()).any_below("")
    )


# ---- in the resolver -----------------------------------------------------------------------------------------------


class Taught:
    """A resolver that was taught by hand."""

    def __init__(self, resolver: Resolver, *answers: LearnedAnswer) -> None:
        learned = LearnedAddresses(AnswersInMemory(answers), resolver.gazetteer, resolver.areas, HALF_LIFE, lambda: NOW)
        self.resolver = Resolver(resolver.gazetteer, resolver.areas, resolver.sort_codes, learned)


def label(address: str, sort_code: str | None = None) -> Reading:
    source = Source(SourceKind.LINE, 0, ())
    code = Found(sort_code, source, 0.9) if sort_code else None
    return Reading(Found("YT1234567890123", source, 0.9), "yto", code, Found(address, source, 0.9), (), (), 1.0)


def test_a_learned_address_goes_before_the_area_rules(resolver: Resolver) -> None:
    text = "喀什市色满路112号3单元501"
    taught = Taught(resolver, answer("KS-03", "Aygul", 2), answer("KS-03", "Li", 1)).resolver
    found = taught.from_text(text)
    assert isinstance(found, Destination)
    assert (found.area, found.reason, found.county_name) == ("KS-03", DestinationReason.LEARNED, "喀什市")
    assert found.confidence == round(stands(answer("KS-03", "A", 2), answer("KS-03", "B", 1)).confidence, 3)
    assert found.explanation == "2 answers of 2 operators sent this address to KS-03, the last on 2026-11-25."
    assert taught.from_text("喀什市色满路114号") == resolver.from_text("喀什市色满路114号"), "another door"


def test_pre_advice_and_sort_code_go_before_a_learned_address(resolver: Resolver) -> None:
    taught = Taught(resolver, answer("KS-03")).resolver
    assert resolver.sort_codes is not None
    code, area = next(iter(resolver.sort_codes._table.items()))
    reading = label("喀什市色满路112号", " ".join(code))
    by_code = taught.resolve(reading, None)
    assert isinstance(by_code, Destination)
    assert (by_code.reason, by_code.area) == (DestinationReason.SORT_CODE, area)
    advised = taught.resolve(reading, PreAdvice("YT1234567890123", area=AreaId("KS-05")))
    assert isinstance(advised, Destination) and advised.reason is DestinationReason.PRE_ADVICE
    alone = taught.resolve(label("喀什市色满路112号"), None)
    assert isinstance(alone, Destination) and alone.reason is DestinationReason.LEARNED


def test_a_disputed_address_is_unresolved_with_both_areas(resolver: Resolver) -> None:
    found = Taught(resolver, answer("KS-03", "Aygul"), answer("KS-05", "Li")).resolver.from_text("喀什市色满路112号")
    assert isinstance(found, Unresolved)
    assert found.reason is UnresolvedReason.DISPUTED
    assert [each.area for each in found.candidates] == ["KS-03", "KS-05"]


def test_an_answer_for_an_area_that_is_gone_does_not_count(resolver: Resolver) -> None:
    text = "喀什市色满路112号"
    assert Taught(resolver, answer("OLD-7")).resolver.from_text(text) == resolver.from_text(text)
    kept = Taught(resolver, answer("OLD-7", "Li"), answer("KS-03")).resolver.from_text(text)
    assert isinstance(kept, Destination) and kept.area == "KS-03", "nor does it make a dispute"


def test_an_area_of_another_county_brings_its_own_names(resolver: Resolver) -> None:
    assert resolver.areas is not None
    found = Taught(resolver, answer("L-YJS")).resolver.from_text("喀什市色满路112号")
    assert isinstance(found, Destination)
    county = resolver.areas.county_of(AreaId("L-YJS"))
    assert county is not None and found.county_name == county.name


def test_what_the_area_rules_say_too_is_as_sure_as_they_are(resolver: Resolver) -> None:
    plain = resolver.from_text("莎车县人民路5号")
    assert isinstance(plain, Destination) and plain.area is not None
    said = replace(answer(plain.area), address=str(door_of("莎车县人民路5号", plain, resolver.gazetteer)))
    found = Taught(resolver, said).resolver.from_text("莎车县人民路5号")
    assert isinstance(found, Destination)
    assert found.confidence == min(SUREST, plain.confidence)


def test_the_explanation_holds_no_word_of_the_address(resolver: Resolver) -> None:
    for answers in ([answer("KS-03")], [answer("KS-03"), answer("KS-05", "Li")]):
        explanation = Taught(resolver, *answers).resolver.from_text("喀什市色满路112号").explanation
        assert not set("喀什市色满路号") & set(explanation)
        assert "Aygul" not in explanation


def test_nothing_is_prepared_where_nothing_was_learned(resolver: Resolver) -> None:
    class Empty:
        def any_below(self, above: str) -> bool:
            assert above == "喀什地区喀什市"
            return False

        def of(self, address: str) -> Sequence[LearnedAnswer]:
            raise AssertionError("asked for an address")

    learned = LearnedAddresses(Empty(), resolver.gazetteer, resolver.areas, HALF_LIFE, lambda: NOW)
    assert learned.destination("喀什市色满路112号", resolver.from_text("喀什市色满路112号")) is None
