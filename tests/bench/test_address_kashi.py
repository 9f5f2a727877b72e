"""The drawn set of the Kashi region: its truth is the gazetteer's, and it says itself what its texts tell."""

import random
from collections import Counter

import pytest

from karez.address.gazetteer import Gazetteer
from karez.address.normalise import clean
from karez.bench.address import handwritten, kashi_records
from karez.bench.address.answers import Answer
from karez.bench.address.handwritten import HandMark, HandWritten
from karez.bench.address.kashi_bench import KashiMark, run
from karez.bench.address.kashi_drawing import Drawing
from karez.bench.address.kashi_forms import Form, Forms, Parts
from karez.bench.address.kashi_region import Region
from karez.bench.address.kashi_troubles import Trouble, Troubles, traditional_forms
from karez.bench.address.kashi_truth import KashiTruth
from karez.domain.errors import BadInput

GAZETTEER = Gazetteer.load()
REGION = Region(GAZETTEER)
TRUTH = KashiTruth(REGION)
TROUBLES = Troubles({"克": "免", "县": "具"}, traditional_forms(GAZETTEER))


def township(county, name):
    return next(row.place for row in REGION.in_force if (row.county.name, row.place.name) == (county, name))


@pytest.fixture(scope="module")
def drawn():
    return list(Drawing(REGION, TROUBLES).draw(1500, 11))


def test_the_region_has_all_its_counties_and_townships():
    assert len(REGION.counties) == 15
    assert len(REGION.in_force) == 209


def test_every_form_and_trouble_is_drawn_and_most_texts_tell_their_township(drawn):
    assert {each.form for each in drawn} == set(Form)
    assert {each.trouble for each in drawn} == set(Trouble)
    written = [each for each in drawn if each.form != Form.UYGHUR]
    assert sum(each.told_township for each in written) > 0.9 * len(written)


def test_the_same_seed_draws_the_same_and_another_does_not(drawn):
    again = list(Drawing(REGION, TROUBLES).draw(20, 11))
    other = list(Drawing(REGION, TROUBLES).draw(20, 12))
    assert [each.text for each in again] == [each.text for each in drawn[:20]]
    assert [each.text for each in other] != [each.text for each in again]


def test_full_names_are_written_as_the_list_has_them(drawn):
    plain = [each for each in drawn if each.form == Form.FULL and each.trouble == Trouble.NONE]
    assert plain
    assert all(each.county.name + each.township.name in each.text for each in plain)


@pytest.mark.parametrize(
    ("form", "parts", "county", "name", "told"),
    [
        (Form.FULL, Parts(county="莎车县", township="荒地镇"), "莎车县", "荒地镇", True),
        (Form.NO_COUNTY, Parts(township="阿瓦提镇"), "莎车县", "阿瓦提镇", False),  # 巴楚县 has one, and others
        (Form.NO_COUNTY, Parts(township="托克扎克镇"), "疏附县", "托克扎克镇", True),
        (Form.NO_COUNTY, Parts(township="巴仁乡"), "叶城县", "巴仁乡", False),
        (Form.NO_COUNTY, Parts(above="喀什地区", township="棋盘乡"), "叶城县", "棋盘乡", True),
        (Form.NO_COUNTY, Parts(township="棋盘乡"), "叶城县", "棋盘乡", False),  # 江西's too
        (Form.SHORT_TOWNSHIP, Parts(county="泽普县", township="奎依巴格"), "泽普县", "奎依巴格镇", False),  # and 乡
        (Form.FULL, Parts(county="疏县", township="疏勒镇"), "疏勒县", "疏勒镇", True),  # its town tells the county
        (Form.FULL, Parts(county="泽普县", township="奎依巴格"), "泽普县", "奎依巴格镇", False),  # 镇 lost
        (Form.REGIMENT, Parts(township="51团"), "图木舒克市", "唐驿镇", True),
        (Form.FORMER, Parts(county="叶城县", township="新华镇"), "岑岭县", "新华镇", True),
        (Form.LATIN, Parts(county="Tumxuk", township="Qianhai"), "图木舒克市", "前海镇", False),  # 前海街道 too
        (Form.LATIN, Parts(county="Poskam", township="Zepu"), "泽普县", "泽普镇", False),  # the county once more
        (Form.LATIN, Parts(county="Poskam", township="Zepu Zhen"), "泽普县", "泽普镇", True),
        (Form.UYGHUR, Parts(county="يەكەن ناھىيىسى", township="يەكەن"), "莎车县", "叶尔羌街道", False),
        (Form.LATIN, Parts(county="Tumxuk", township="Qianhai Zhen"), "图木舒克市", "前海镇", True),
        (Form.UYGHUR, Parts(county="يەكەن ناھىيىسى"), "莎车县", "恰热克镇", False),
    ],
)
def test_a_text_tells_its_township_where_no_other_is_as_near(form, parts, county, name, told):
    assert TRUTH.tells_township(form, parts, township(county, name)) == told


def test_a_village_is_told_where_its_county_has_no_other_of_the_name():
    town = township("喀什市", "色满乡")
    names = Counter(village.name for village in REGION.villages_of_county(REGION.county_of(town)))
    for row in REGION.in_force:
        if row.county.name == "喀什市":
            for village in REGION.villages(row.place):
                told = TRUTH.tells_village(Parts(village=village.name), village, row.place)
                assert told == (names[village.name] == 1)


def test_a_subdistrict_has_no_numbered_villages():
    forms = Forms(REGION)
    assert forms.write(Form.SHORT_TOWNSHIP, township("喀什市", "恰萨街道"), None, random.Random(1)) is None
    assert forms.write(Form.SHORT_TOWNSHIP, township("莎车县", "荒地镇"), None, random.Random(1)) is not None


@pytest.mark.parametrize("trouble", [Trouble.LOOKALIKE, Trouble.LOST, Trouble.DOUBLED])
def test_an_error_changes_one_character_of_a_name(trouble):
    given = Parts("新疆", "疏附县", "托克扎克镇", "", "人民路12号")
    for seed in range(30):
        parts, text = TROUBLES.befall(given, trouble, random.Random(seed))
        assert (parts.above, parts.tail) == (given.above, given.tail)
        assert len(text) == len(given.text) + {Trouble.LOOKALIKE: 0, Trouble.LOST: -1, Trouble.DOUBLED: 1}[trouble]
        assert (parts.county == given.county) != (parts.township == given.township)


@pytest.mark.parametrize("trouble", [Trouble.TRADITIONAL, Trouble.FULL_WIDTH])
def test_characters_of_the_same_meaning_are_brought_back_by_cleaning(trouble):
    given = Parts("新疆", "疏附县", "乌帕尔镇", "", "人民东路12号")
    _, text = TROUBLES.befall(given, trouble, random.Random(1))
    assert text != given.text
    assert clean(text, GAZETTEER.traditional) == given.text


def test_a_run_marks_every_address_and_its_record_adds_up():
    marks = run(150, 3, GAZETTEER, lambda *_: None)
    record = kashi_records.drawn_record(marks)
    assert record["n"] == len(marks) == record["told_township"] + record["untold_township"]
    for key in ("forms", "troubles"):
        assert sum(each["n"] for each in record[key]) == 150
        assert sum(each["township_right"] for each in record[key]) == record["township_right"]
    assert sum(each["n"] for each in record["failures"]) == sum(bool(mark.failed) for mark in marks)
    assert record["township_right"] > 0.8 * record["told_township"]
    assert len(kashi_records.drawn_table(record).rows) == 1 + len(record["forms"]) + len(record["troubles"])


@pytest.mark.parametrize(
    ("answer", "failed", "sure_and_wrong"),
    [
        (Answer(county="疏附县", township="托克扎克镇", confidence=0.99), "", False),
        (Answer(county="疏附县", confidence=0.99), "township missing", False),
        (Answer(county="疏附县", township="乌帕尔镇", confidence=0.99), "township wrong", True),
        (Answer(county="疏勒县", confidence=0.96), "county wrong", True),
        (Answer(county="疏勒县", confidence=0.9), "county wrong", False),
        (Answer(), "no place", False),
    ],
)
def test_what_went_wrong_is_named(answer, failed, sure_and_wrong, drawn):
    told = next(
        each for each in drawn if each.township.name == "托克扎克镇" and each.told_township and not each.village
    )
    mark = KashiMark(told, answer)
    assert (mark.failed, mark.sure_and_wrong) == (failed, sure_and_wrong)


def test_the_addresses_written_by_hand_name_places_of_todays_map():
    rows = handwritten.read()
    assert len(rows) >= 200
    assert all(row.source for row in rows)
    counties = {place.name for place in GAZETTEER.places if place.level == 3}
    assert {row.county for row in rows} <= counties | {handwritten.NO_COUNTY}


@pytest.mark.parametrize(
    ("row", "answer", "right"),
    [
        (("疏附县", "", ""), Answer(county="疏附县", township="乌帕尔镇"), True),  # no township is told: none is judged
        (("疏附县", "乌帕尔镇", ""), Answer(county="疏附县"), False),
        (("疏附县", "乌帕尔镇", "某村"), Answer(county="疏附县", township="乌帕尔镇", village="某村"), True),
        (("-", "", ""), Answer(), True),
        (("-", "", ""), Answer(county="疏附县"), False),
    ],
)
def test_only_what_an_address_tells_is_judged(row, answer, right):
    mark = HandMark(HandWritten(1, "一", *row, source="by hand", note="form: one"), answer)
    assert mark.is_right == right
    assert kashi_records.hand_record([mark])["right"] == right


@pytest.mark.parametrize(
    ("row", "answer", "failed"),
    [
        (("疏附县", "", ""), Answer(county="疏附县", township="乌帕尔镇", confidence=0.95), "township guessed"),
        (("疏附县", "", ""), Answer(county="疏附县", township="乌帕尔镇", confidence=0.94), ""),  # it is not sure of it
        (("疏附县", "", ""), Answer(county="疏附县", confidence=0.99), ""),
        (("疏附县", "", ""), Answer(county="疏勒县", township="某镇", confidence=0.99), "wrong"),
        (
            ("疏附县", "甲乡", ""),
            Answer(county="疏附县", township="甲乡", village="某村", confidence=0.99),
            "village guessed",
        ),
        (("疏附县", "甲乡", ""), Answer(county="疏附县", township="乙乡", confidence=0.99), "township or village"),
        (("-", "", ""), Answer(county="疏附县", township="乌帕尔镇", confidence=0.99), "wrong"),
    ],
)
def test_what_is_given_for_sure_where_none_is_told_is_guessed(row, answer, failed):
    mark = HandMark(HandWritten(1, "一", *row, source="by hand", note="form: one"), answer)
    assert mark.failed == failed
    record = kashi_records.hand_record([mark])
    assert record["untold_township"] == (row[0] != "-" and not row[1])
    assert record["untold_township_guessed"] == (failed == "township guessed")
    assert record["untold_village_guessed"] == (failed == "village guessed")
    assert len(record["guessed"]) == failed.endswith("guessed")
    assert len(kashi_records.hand_table(record).rows) == 2 + bool(failed)


def test_a_set_with_other_columns_is_refused(tmp_path):
    path = tmp_path / "set.tsv"
    path.write_text("address\tcounty\n一\t二\n", "utf-8")
    with pytest.raises(BadInput, match="columns"):
        handwritten.read(path)
