"""`karez areas check`: exit codes, the table, JSON lines and the map file."""

import json
import sys
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from karez.cli import app, main

RUN = CliRunner()
EXAMPLE = Path(__file__).parents[2] / "examples" / "kashi" / "areas-couriers.toml"
FAULTY = """[[area]]
id = "A"
kind = "local"
name = "甲"
townships = { "喀什市" = ["恰萨街到", "东湖街道"] }

[[area]]
id = "B"
kind = "local"
name = "乙"
townships = { "喀什市" = ["东湖街道"] }
counties = ["喀什市"]

[[area]]
id = "R"
kind = "linehaul"
name = "其他"
rest = true

[[place]]
name = "无用小区"
kind = "estate"
in = "喀什市"
"""


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    path = tmp_path / "areas.toml"
    path.write_text(FAULTY, "utf-8")
    return path


def test_a_clean_file_is_said_to_be_so_with_exit_code_0() -> None:
    done = RUN.invoke(app, ["areas", "check", str(EXAMPLE)])
    assert done.exit_code == 0, done.output
    assert "10 delivery areas, 1 onward flows" in done.stdout
    assert "nothing wrong" in done.stdout


def test_findings_are_told_in_a_table_with_exit_code_1(faulty: Path) -> None:
    done = RUN.invoke(app, ["areas", "check", str(faulty)], env={"COLUMNS": "200"})
    assert done.exit_code == 1
    assert "did you mean 恰萨街道?" in done.stdout
    assert "东湖街道 stands in area A already (line 5)" in done.stdout
    assert "2 errors, 1 warning" in done.stdout


def test_findings_are_one_json_line_each(faulty: Path) -> None:
    done = RUN.invoke(app, ["areas", "check", str(faulty), "--json"])
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    fields = {"line", "weight", "kind", "areas", "what", "now", "share", "places"}
    assert all(set(row) == fields for row in rows)
    assert [(row["line"], row["weight"], row["kind"]) for row in rows] == [
        (5, "error", "unknown_name"),
        (11, "error", "overlap"),
        (21, "warning", "unused"),
    ]
    assert (rows[1]["areas"], rows[1]["places"]) == (["A", "B"], ["东湖街道"])
    assert done.exit_code == 1


def test_a_clean_file_has_no_json_lines() -> None:
    done = RUN.invoke(app, ["areas", "check", str(EXAMPLE), "--json"])
    assert (done.exit_code, done.stdout) == (0, "")


def test_a_note_alone_is_no_reason_for_exit_code_1(tmp_path: Path) -> None:
    path = tmp_path / "areas.toml"
    road = '[area.roads]\n"喀什市" = { "色满路" = "odd" }\n'
    path.write_text(
        FAULTY.partition("[[place]]")[0]
        .replace('townships = { "喀什市" = ["东湖街道"] }\n', "")
        .replace('townships = { "喀什市" = ["恰萨街到", "东湖街道"] }\n', road),
        "utf-8",
    )
    done = RUN.invoke(app, ["areas", "check", str(path)])
    assert "1 note" in done.stdout
    assert done.exit_code == 0


def test_a_map_is_written_also_where_something_is_wrong(faulty: Path, tmp_path: Path) -> None:
    picture = tmp_path / "areas.png"
    done = RUN.invoke(app, ["areas", "check", str(faulty), "--map", str(picture), "--json"])
    assert done.exit_code == 1
    assert "map drawn" in done.stderr
    with Image.open(picture) as drawn:
        assert drawn.format == "PNG"
        assert drawn.width == 1600


def told_by_main(monkeypatch: pytest.MonkeyPatch, *words: str) -> int | str | None:
    """Run a command as the shell does, in this process; the exit code."""
    monkeypatch.setattr(sys, "argv", ["karez", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[[area]]\nid = 'A'\n", "areas.toml:1: kind"),
        ("[[area]\n", "TOML"),
        ("[[area]]\nid = 'A'\nkind = 'local'\n", "name"),
    ],
)
def test_a_bad_file_is_one_sentence_a_fault_and_exit_code_2(
    text: str, word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "areas.toml"
    path.write_text(text, "utf-8")
    assert told_by_main(monkeypatch, "areas", "check", str(path)) == 2
    assert word in capsys.readouterr().err


def test_all_that_is_wrong_with_an_area_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "areas.toml"
    path.write_text("[[area]]\nid = '一组'\nkind = 'lokal'\nname = 5\ncounties = ['无此县']\n", "utf-8")
    assert told_by_main(monkeypatch, "areas", "check", str(path)) == 2
    told = capsys.readouterr().err
    assert [f":{line}: {field}:" in told for line, field in ((2, "id"), (3, "kind"), (4, "name"), (5, "counties"))] == [
        True
    ] * 4


def test_a_file_that_cannot_be_read_is_told_in_words_and_never_as_python_says_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chinese = tmp_path / "gb.toml"
    chinese.write_bytes('[[area]]\nname = "老城一组"\n'.encode("gb18030"))
    for path, word in (
        (tmp_path / "none.toml", "No such file"),
        (tmp_path, "directory"),
        (chinese, "save it as UTF-8"),
    ):
        assert told_by_main(monkeypatch, "areas", "check", str(path)) == 2
        told = capsys.readouterr().err
        assert word in told
        assert not any(raw in told for raw in ("Errno", "codec", "0x"))
    assert "line 2" in told


def test_a_map_is_a_png_and_no_other_ending_is_taken(tmp_path: Path) -> None:
    picture = tmp_path / "areas.pdf"
    done = RUN.invoke(app, ["areas", "check", str(EXAMPLE), "--map", str(picture)])
    assert done.exit_code == 2
    assert ".png" in done.stderr
    assert not picture.exists()


def test_a_map_that_cannot_be_written_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "none" / "a.png"
    assert told_by_main(monkeypatch, "areas", "check", str(EXAMPLE), "--map", str(picture)) == 2
    assert "none/a.png" in capsys.readouterr().err
