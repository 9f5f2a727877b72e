"""Putting lists together: what is gone, what moved, what is only spelled otherwise."""

from pathlib import Path

import pytest

from karez.address.build.history import Step, trace
from karez.address.build.lists import County, Division
from karez.address.build.merge import Atlas, find_movers, join_spellings, overlay, plant
from karez.address.build.packages import NBS, Archives
from karez.domain.errors import BadInput

TODAY, OLD = 0, 1


def division(*counties: tuple[str, str, dict[str, str]]) -> Division:
    rows = [County(code, name, "丙地区", "甲省", dict(towns)) for code, name, towns in counties]
    return Division({"100000": "甲省"}, {"101000": ("丙地区", "甲省")}, rows)


def atlas_of(today: Division, older: Division) -> Atlas:
    atlas = Atlas()
    plant(atlas, today, TODAY)
    overlay(atlas, older, "2023", 2023, OLD, {})
    join_spellings(atlas)
    find_movers(atlas, TODAY)
    return atlas


def row(atlas: Atlas, name: str, county: str) -> int:
    return next(i for i, d in enumerate(atlas.drafts) if d.name == name and atlas.drafts[d.parent].name == county)


def test_a_township_that_another_county_gained_is_linked_to_it() -> None:
    atlas = atlas_of(
        division(("101001", "东县", {"一镇": "1"}), ("101002", "西县", {"兰干镇": "2"})),
        division(("101001", "东县", {"一镇": "1", "兰干镇": "3"}), ("101002", "西县", {})),
    )
    gone = atlas.drafts[row(atlas, "兰干镇", "东县")]
    assert (gone.until, gone.successor) == (2023, row(atlas, "兰干镇", "西县"))


def test_a_name_that_the_other_county_had_all_along_is_no_move() -> None:
    atlas = atlas_of(
        division(("101001", "东县", {"一镇": "1"}), ("101002", "西县", {"新华镇": "2"})),
        division(("101001", "东县", {"一镇": "1", "新华镇": "3"}), ("101002", "西县", {"新华镇": "2"})),
    )
    assert atlas.drafts[row(atlas, "新华镇", "东县")].successor == -1


def test_a_move_that_two_counties_could_have_gained_is_left_open() -> None:
    atlas = atlas_of(
        division(("101001", "东县", {}), ("101002", "西县", {"和镇": "2"}), ("101003", "南县", {"和镇": "4"})),
        division(("101001", "东县", {"和镇": "3", "一镇": "1"}), ("101002", "西县", {}), ("101003", "南县", {})),
    )
    assert atlas.drafts[row(atlas, "和镇", "东县")].successor == -1


def test_a_township_that_became_a_town_is_the_same_one() -> None:
    atlas = atlas_of(division(("101001", "东县", {"荒地镇": "1"})), division(("101001", "东县", {"荒地乡": "1"})))
    assert atlas.drafts[row(atlas, "荒地乡", "东县")].successor == row(atlas, "荒地镇", "东县")


def test_two_spellings_of_one_name_are_joined() -> None:
    atlas = atlas_of(division(("101001", "东县", {"夏玛勒乡": "1"})), division(("101001", "东县", {"夏马勒乡": "1"})))
    assert atlas.drafts[row(atlas, "夏马勒乡", "东县")].successor == row(atlas, "夏玛勒乡", "东县")


def test_two_living_names_that_differ_by_one_character_are_not_joined() -> None:
    atlas = atlas_of(
        division(("101001", "东县", {"上河湾镇": "1"})),
        division(("101001", "东县", {"上河湾镇": "1", "下河湾镇": "2"})),
    )
    assert atlas.drafts[row(atlas, "下河湾镇", "东县")].successor == -1


def test_a_county_that_today_s_list_leaves_empty_is_filled_from_the_older_one() -> None:
    atlas = atlas_of(division(("101001", "东县", {})), division(("101001", "东县", {"一镇": "1"})))
    filled = atlas.drafts[row(atlas, "一镇", "东县")]
    assert (filled.until, filled.source) == (0, OLD)


def test_a_county_of_an_older_list_alone_is_kept_and_reported() -> None:
    atlas = atlas_of(division(("101001", "东县", {})), division(("101009", "开发区", {})))
    assert row(atlas, "开发区", "丙地区")
    assert atlas.conflicts == [("甲省丙地区开发区", "only in 2023")]


def test_a_chain_of_changes_is_followed_to_today() -> None:
    atlas = Atlas()
    plant(atlas, division(("101001", "东区", {})), TODAY)
    changes = [
        Step(2010, ("甲省", "丙地区", "东市"), ("甲省", "丙地区", "东区"), 3),
        Step(1990, ("甲省", "丙地区", "东县"), ("甲省", "丙地区", "东市"), 3),
    ]
    formers, moved = trace(atlas, iter(changes))
    assert [(former.name, former.until) for former in formers] == [("东市", 2010), ("东县", 1990)]
    assert moved[("甲省", "丙地区", "东县")] == row(atlas, "东区", "丙地区")


def test_a_changed_npm_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "china-division-2.7.0.tgz").write_bytes(b"something else")
    with pytest.raises(BadInput, match="SHA-512"):
        Archives(tmp_path).path(NBS)


def test_a_missing_archive_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="china-division"):
        Archives(tmp_path).path(NBS)
