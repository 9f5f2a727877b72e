"""Reading a plan: what is right comes into force, what is wrong is told by line and field."""

import tomllib
from pathlib import Path

import pytest

from karez.domain.errors import BadConfig
from karez.sortplan.plan import SortPlan
from sortplan.small_plan import TEXT, small_plan, write

KASHI = Path(__file__).parents[2] / "examples" / "kashi"


def faults(folder: Path, text: str, areas: set[str] | None = None) -> list[tuple[str, str, str]]:
    """Faults of a plan as (the line's text, field, what)."""
    with pytest.raises(BadConfig) as caught:
        SortPlan.load(write(folder, text), areas)
    lines = ["", *text.splitlines()]
    return [(lines[line].strip(), field, what) for line, field, what in caught.value.faults]


@pytest.mark.parametrize(
    ("right", "wrong", "line", "field", "word"),
    [
        ('exception = "X"', 'exception = "Q"', 'exception = "Q"', "exception", "'Q'"),
        ('exception = "X"', "", "", "exception", "missing"),
        ('name = "small"', 'name = "small"\nwave = 3', "wave = 3", "wave", "no field"),
        ('"A", "B", "C"', '"A", "A", "B", "C"', "", "chutes", "2 times"),
        ('chute = "I"', 'chute = "Q"', 'chute = "Q"', "intercept.chute", "'Q'"),
        ("longest_mm = 1000", 'longest_mm = "long"', 'longest_mm = "long"', "oversize.longest_mm", "integer"),
        ("longest_mm = 1000\nsides_sum_mm = 2000", "", "[oversize]", "oversize", "needs"),
        ("mass_g = 30000", "mass_g = -1", "mass_g = -1", "overweight.mass_g", "greater"),
        ('alternatives = ["B"]', 'alternatives = ["A"]', 'alternatives = ["A"]', "rule.1.alternatives", "already"),
        ('alternatives = ["B"]', 'alternatives = ["B", "B"]', "", "rule.1.alternatives", "twice"),
        ('alternatives = ["B"]', 'alternatives = ["Q"]', 'alternatives = ["Q"]', "rule.1.alternatives", "'Q'"),
        ('county = "喀什市"', "", "[[rule]]", "rule.3", "no place"),
        ('county = "喀什市"', 'county = "喀什市"\narea = "KS-3"', "[[rule]]", "rule.3", "exactly one"),
        ('county = "喀什市"', 'area = "KS-1"\ncompany = "ems"', 'area = "KS-1"', "rule.3.area", "rule 2 already"),
        ('company = "ems"', 'compny = "ems"', 'compny = "ems"', "rule.2.compny", "no field"),
        ("mass_g = [0, 1000]", "mass_g = [5, 1]", "[[rule]]", "rule.4", "more than"),
        ("mass_g = [0, 1000]", "mass_g = [5]", "mass_g = [5]", "rule.4.mass_g.2", "missing"),
        ('自治区"\nchute = "D"', '自治区"\nchute = "X"', 'chute = "X"', "rule.5.chute", "exception chute"),
    ],
)
def test_a_fault_names_its_line_its_field_and_what_is_wrong(
    tmp_path: Path, right: str, wrong: str, line: str, field: str, word: str
) -> None:
    assert right in TEXT
    (found,) = faults(tmp_path, TEXT.replace(right, wrong, 1))
    assert found[1] == field and word in found[2]
    assert not line or found[0] == line


def test_all_faults_of_a_file_are_told_at_once_in_the_order_of_its_lines(tmp_path: Path) -> None:
    text = TEXT.replace('exception = "X"', 'exception = "Q"').replace('alternatives = ["B"]', 'alternatives = ["A"]')
    assert [field for _, field, _ in faults(tmp_path, text)] == ["exception", "rule.1.alternatives"]


def test_an_area_that_the_areas_file_lacks_is_a_fault(tmp_path: Path) -> None:
    (found,) = faults(tmp_path, TEXT, {"KS-1"})
    assert found[1] == "rule.1.area" and "KS-2" in found[2]


@pytest.mark.parametrize("raw", [b"", b"name = ", b"\xff\xfe", b"\x00" * 50, b"rule = 3\nname = 1", b"[[rule]]\n" * 3])
def test_a_file_that_is_no_plan_is_told_and_nothing_else_is_raised(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "plan.toml"
    path.write_bytes(raw)
    with pytest.raises(BadConfig, match=r"plan\.toml"):
        SortPlan.load(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="cannot be read"):
        SortPlan.load(tmp_path / "none.toml")


def test_waybill_numbers_come_from_a_side_file_too(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("# today\n yt7 \n\nYT8 # by phone\n", "utf-8")
    plan = SortPlan.load(write(tmp_path, TEXT.replace('waybills = ["YT1"]', 'waybills = ["YT1"]\nfile = "list.txt"')))
    assert plan.intercept is not None and plan.intercept.waybills == {"YT1", "YT7", "YT8"}
    assert [each.name for each in plan.files] == ["plan.toml", "list.txt"]


def test_a_side_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    text = TEXT.replace('waybills = ["YT1"]', 'file = "none.txt"')
    (found,) = faults(tmp_path, text)
    assert found[:2] == ('file = "none.txt"', "intercept.file")


def test_the_hash_tells_plans_apart_by_their_file_and_their_lists(tmp_path: Path) -> None:
    text = TEXT.replace('waybills = ["YT1"]', 'file = "list.txt"')
    (tmp_path / "list.txt").write_text("YT1\n", "utf-8")
    first, again = SortPlan.load(write(tmp_path, text)), SortPlan.load(write(tmp_path, text))
    assert first.sha256 == again.sha256
    (tmp_path / "list.txt").write_text("YT1\nYT3\n", "utf-8")
    assert SortPlan.load(write(tmp_path, text)).sha256 != first.sha256
    assert small_plan(tmp_path).sha256 != first.sha256


def areas_of_kashi() -> dict[str, str]:
    areas = tomllib.loads((KASHI / "areas.toml").read_text("utf-8"))["area"]
    return {area["id"]: area["kind"] for area in areas}


def test_the_plan_of_kashi_is_right_and_has_a_rule_for_every_area() -> None:
    areas = areas_of_kashi()
    plan = SortPlan.load(KASHI / "plan.toml", areas)
    assert plan.uncovered(areas) == []
    assert (len(plan.chutes), plan.exception_chute) == (40, "K40")
    used = {chute for rule in plan.rules for chute in rule.chutes}
    for table in (plan.intercept, plan.returns, plan.oversize, plan.overweight):
        assert table is not None
        used |= set(table.chutes)
    assert used | {plan.exception_chute} == set(plan.chutes)


def test_in_kashi_no_chute_mixes_local_areas_with_onward_flows() -> None:
    kinds = areas_of_kashi()
    plan = SortPlan.load(KASHI / "plan.toml", kinds)
    inside: dict[str, set[str]] = {}
    for (level, area), rules in plan.by_place.items():
        assert level == "area"
        for chute in (chute for rule in rules for chute in rule.chutes):
            inside.setdefault(chute, set()).add(kinds[area])
    assert all(len(each) == 1 for each in inside.values())
