import os
from pathlib import Path

import pytest

from karez.address.gazetteer import Gazetteer
from karez.bench.part_labels import LabelScore, labelled, score_parts
from karez.domain.errors import BadInput

RIGHT = """喀 B-district
什 I-district
市 I-district
色 B-road
满 I-road
路 I-road
12 B-roadno
号 I-roadno
"""
WRONG = """喀 B-poi
什 I-poi
市 I-poi
"""
DATA = os.environ.get("KAREZ_PEER_DATA")


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


def write(folder: Path, text: str, split: str = "dev") -> Path:
    (folder / f"{split}.txt").write_text(text, "utf-8")
    return folder


def test_spans_are_right_only_with_their_borders_and_label(tmp_path: Path, gazetteer: Gazetteer) -> None:
    scores = score_parts(write(tmp_path, f"{RIGHT}\n{WRONG}"), gazetteer)
    assert (scores.addresses, scores.exact) == (2, 1)
    assert scores.overall == LabelScore(true=4, found=4, right=3)
    assert scores.overall.precision == scores.overall.recall == scores.overall.f1 == 0.75
    assert scores.labels["district"] == LabelScore(true=1, found=2, right=1)
    assert scores.labels["poi"] == LabelScore(true=1, found=0, right=0)


def test_labels_are_read_in_any_case_and_an_inner_tag_of_another_label_begins_a_span(tmp_path: Path) -> None:
    path = write(tmp_path, "开 B-devZone\n发 I-devzone\n区 I-devZone\n路 I-road\n") / "dev.txt"
    assert [address.spans for address in labelled(path)] == [((0, 3, "devzone"), (3, 4, "road"))]


def test_two_runs_of_digits_side_by_side_stay_two_numbers(tmp_path: Path) -> None:
    path = write(tmp_path, "7 B-cellno\n1161 B-roomno\n") / "dev.txt"
    (address,) = labelled(path)
    assert (address.text, address.spans) == ("7 1161", ((0, 1, "cellno"), (2, 6, "roomno")))


def test_a_label_that_was_never_found_has_precision_nought() -> None:
    assert LabelScore(true=3, found=0, right=0).precision == 0.0
    assert LabelScore(true=0, found=0, right=0).f1 == 0.0


@pytest.mark.parametrize("text", ["喀什市\n", "喀 district\n", "B-road\n"])
def test_a_line_that_is_no_token_and_tag_is_refused_with_its_number(
    text: str, tmp_path: Path, gazetteer: Gazetteer
) -> None:
    with pytest.raises(BadInput, match=r"dev\.txt:1"):
        score_parts(write(tmp_path, text), gazetteer)


def test_a_missing_split_is_refused(tmp_path: Path, gazetteer: Gazetteer) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        score_parts(tmp_path, gazetteer, "test")


@pytest.mark.skipif(not DATA, reason="KAREZ_PEER_DATA names no folder with labelled addresses")
def test_rules_reach_what_is_documented_on_the_labelled_addresses(gazetteer: Gazetteer) -> None:
    scores = score_parts(Path(DATA or "") / "addresses" / "ncap", gazetteer)
    assert scores.addresses == 2985
    assert scores.overall.f1 >= 0.87
    assert scores.labels["prov"].f1 >= 0.96
    assert scores.labels["road"].f1 >= 0.92
