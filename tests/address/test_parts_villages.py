from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.address.gazetteer import Gazetteer
from karez.address.parts.parse import parse
from karez.address.parts.villages import load_villages, pack_villages, stem_of
from karez.domain.errors import BadConfig


def test_villages_of_all_china_are_known_by_their_stem() -> None:
    villages = load_villages()
    assert len(villages) > 500_000
    assert villages.has("110101", "多福巷")
    assert not villages.has("653101", "多福巷")


def test_a_village_behind_its_township_needs_no_ending(gazetteer: Gazetteer) -> None:
    parts = parse("浙江省宁波市鄞州区姜山镇上张188号", gazetteer)
    assert [(part.label.value, part.text) for part in parts[-2:]] == [("community", "上张"), ("roadno", "188号")]


def test_a_stem_loses_its_ending_only_where_two_characters_are_left() -> None:
    assert [stem_of(name) for name in ("下骆宅村", "城南社区", "北村", "新社区")] == [
        "下骆宅",
        "城南",
        "北村",
        "新社区",
    ]


@given(st.sets(st.text(alphabet="东西南北王家庄头桥", min_size=2, max_size=4), max_size=30))
def test_every_village_that_was_packed_is_found_again(
    tmp_path_factory: pytest.TempPathFactory, names: set[str]
) -> None:
    path = tmp_path_factory.mktemp("villages") / "villages.gaps.z"
    path.write_bytes(pack_villages(("653101", name) for name in names))
    villages = load_villages(path)
    assert all(villages.has("653101", stem_of(name)) for name in names)


@pytest.mark.parametrize("content", [None, b"", b"no zlib"])
def test_a_damaged_file_of_villages_is_a_configuration_error(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "villages.gaps.z"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadConfig):
        load_villages(path)
