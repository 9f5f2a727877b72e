"""Sort codes lead to areas by their longest known beginning."""

from pathlib import Path

import pytest

from karez.address.areas.areas import Areas
from karez.address.sort_codes import SortCodes
from karez.domain.errors import BadConfig
from karez.domain.ids import AreaId

CODES = SortCodes({"905": AreaId("KS-00"), "905 K01": AreaId("KS-01"), "渝-重庆 703-00": AreaId("X-CN")})


@pytest.mark.parametrize(
    ("code", "area"),
    [
        ("905 K01 03", "KS-01"),
        ("905 K01", "KS-01"),
        ("905 K02 03", "KS-00"),
        ("905", "KS-00"),
        ("905-k01-03", "KS-01"),
        ("渝-重庆 703-00 45", "X-CN"),
        ("9051 K01", None),
        ("90", None),
        ("", None),
    ],
)
def test_the_longest_known_beginning_wins(code: str, area: str | None) -> None:
    assert CODES.lookup(code) == area


def test_the_example_names_only_areas_that_exist(areas: Areas) -> None:
    path = Path(__file__).parents[2] / "examples" / "kashi" / "sort_codes.toml"
    assert SortCodes.load(path).areas == {area.id for area in areas.all}
    assert "INVENTED" in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ('[codes]\n"905" = "A"\n"906" = 5\n', 3, "id of an area"),
        ('[codes]\n"905 K1" = "A"\n"905-K1" = "B"\n', 3, "twice"),
        ('[codes]\n"--" = "A"\n', 2, "no sort code"),
        ('[code]\n"905" = "A"\n', 1, "[codes]"),
        ('[codes]\n"905" = \n', 2, "Invalid"),
        ("", 0, "missing"),
    ],
)
def test_a_fault_is_named_by_line(text: str, line: int, word: str, tmp_path: Path) -> None:
    path = tmp_path / "codes.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadConfig) as caught:
        SortCodes.load(path)
    assert any(found == line and word in what for found, _, what in caught.value.faults), caught.value.faults
