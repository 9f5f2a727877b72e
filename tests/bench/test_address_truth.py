"""Which labelled rows count, which answers are right for them, and which texts can be decided at all."""

import pytest

from bench import labelled_rows
from karez.address.gazetteer import Gazetteer
from karez.bench.address.answers import Answer
from karez.bench.address.decidable import Decider
from karez.bench.address.labelled import CITY, DISTRICT, PROVINCE, Labelled, read
from karez.bench.address.truth import CountyNames, is_among, is_right, judged
from karez.domain.errors import BadInput


@pytest.fixture(scope="module")
def names():
    return CountyNames(Gazetteer.load())


@pytest.fixture(scope="module")
def rows(names, tmp_path_factory):
    folder = labelled_rows.write(tmp_path_factory.mktemp("rows"))
    return judged(read(folder / "swei412" / "dev.txt"), names)


def test_a_file_gives_back_the_whole_text_and_its_parts(tmp_path):
    labelled_rows.write(tmp_path, (labelled_rows.WHOLE, labelled_rows.LOST))
    first, second = read(tmp_path / "swei412" / "dev.txt")
    assert first.text == "新疆维吾尔自治区喀什地区喀什市人民西路12号"
    assert first.without(PROVINCE, CITY) == "喀什市人民西路12号"
    assert (first.number, second.number, second.first("district")) == (1, 2, "[UNK]州区")


@pytest.mark.parametrize("content", ["", "\n\n", "北\n京\n"])
def test_a_file_that_is_no_labelled_set_is_refused_with_its_name(content, tmp_path):
    path = tmp_path / "dev.txt"
    path.write_text(content, "utf-8")
    with pytest.raises(BadInput, match=r"dev\.txt"):
        read(path)


def test_rows_are_left_out_by_reason_and_number(rows):
    kept, left_out = rows
    assert [row.county for row in kept] == ["喀什市", "鼓楼区", "鼓楼区", "南汇区"]
    assert left_out == {
        "no district label": [5],
        "[UNK] in the district label": [6],
        "no county of the gazetteer in any year": [7],
    }


def former(names, rows, **given):
    return is_right(rows[0][3], Answer(province="上海市", **given), names)


def test_todays_name_is_right_where_the_answer_says_what_the_text_called_it(names, rows):
    assert former(names, rows, county="浦东新区", former="南汇区", tells_former=True)
    assert not former(names, rows, county="浦东新区", tells_former=True)
    assert not former(names, rows, county="浦东新区", former="川沙县", tells_former=True)
    assert not former(names, rows, county="黄浦区", former="南汇区", tells_former=True)


def test_a_peer_may_give_the_old_name_or_todays(names, rows):
    assert former(names, rows, county="浦东新区")
    assert former(names, rows, county="南汇区")
    assert not former(names, rows, county="黄浦区")


def test_a_peer_with_an_older_map_is_right_with_its_name(names, tmp_path):
    path = labelled_rows.write(tmp_path, ("上海市/prov 上海市/city 浦东新区/district 惠南镇/town",))
    (row,), _ = judged(read(path / "swei412" / "dev.txt"), names)
    assert is_right(row, Answer(province="上海市", county="南汇区"), names)
    assert not is_right(row, Answer(province="上海市", county="南汇区", tells_former=True), names)


def test_the_province_must_be_right_too(names, rows):
    assert is_right(rows[0][1], Answer(province="江苏省", county="鼓楼区"), names)
    assert not is_right(rows[0][1], Answer(province="河南省", county="鼓楼区"), names)
    assert not is_right(rows[0][1], Answer(), names)


def test_a_candidate_counts_by_province_and_county(names, rows):
    row = rows[0][2]
    assert is_among(row, Answer(candidates=(("河南省", "鼓楼区"), ("江苏省", "鼓楼区"))), names)
    assert not is_among(row, Answer(candidates=(("河南省", "鼓楼区"), ("江苏省", None))), names)


def test_a_name_of_several_counties_is_decided_by_a_township_and_by_nothing_less(names, rows):
    decider = Decider(names)
    decided = [decider.is_decidable(row, (PROVINCE, CITY)) for row in rows[0]]
    assert decided == [True, True, False, True]
    assert all(decider.is_decidable(row, (PROVINCE,)) for row in rows[0])


@pytest.mark.parametrize(
    ("spans", "decidable"),
    [
        (
            (("prov", "山东省"), ("city", "泰安市"), ("district", "泰山区"), ("road", "龙潭路")),
            True,
        ),  # one in Taiwan too
        (
            (("prov", "河北省"), ("city", "石家庄市"), ("district", "长安区"), ("poi", "西安市某店")),
            False,
        ),  # the other's
        ((("prov", "河北省"), ("city", "石家庄市"), ("district", "长安区"), ("poi", "石家庄市某店")), True),
    ],
)
def test_what_decides_is_of_the_true_county_alone(spans, decidable, names):
    (row,), _ = judged([Labelled(1, spans)], names)
    assert Decider(names).is_decidable(row, (PROVINCE, CITY)) == decidable


@pytest.mark.parametrize(
    ("spans", "decidable"),
    [
        ((("city", "喀什地区"), ("district", "疏附县"), ("town", "托克扎克镇")), True),
        ((("city", "喀什地区"), ("district", "莎车县"), ("town", "阿瓦提镇")), False),  # 巴楚县 has one too
        ((("city", "喀什地区"), ("district", "叶城县"), ("town", "棋盘乡")), True),  # the other is not under 喀什地区
        ((("district", "叶城县"), ("town", "棋盘乡")), False),
        ((("city", "喀什地区"), ("district", "疏附县"), ("poi", "色满路12号")), False),
        ((("city", "喀什地区"), ("district", "疏勒县"), ("town", "托克扎克镇")), False),  # it tells another county
        ((("prov", "上海市"), ("district", "南汇区"), ("town", "惠南镇")), True),  # today's 浦东新区
    ],
)
def test_without_the_countys_name_its_own_townships_decide(spans, decidable, names):
    (row,), _ = judged([Labelled(1, spans)], names)
    assert Decider(names).is_decidable(row, (DISTRICT,)) == decidable


def test_where_no_county_is_written_nobody_can_say_what_it_was_called(names, rows):
    todays = Answer(province="上海市", county="浦东新区", tells_former=True)
    assert is_right(rows[0][3], todays, names, names_county=False)
    assert not is_right(rows[0][3], todays, names, names_county=True)
    assert not is_right(rows[0][3], Answer(province="上海市", county="黄浦区"), names, names_county=False)
