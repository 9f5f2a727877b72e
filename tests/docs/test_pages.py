"""What pages name exists: links, commands, settings, telegrams."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.shelf import DOCS, PAGES, ROOT, every_page, reference, text
from karez.address.areas.file import read_area_file
from karez.address.areas.rules import RuleKind
from karez.address.gazetteer import Gazetteer
from karez.domain.events import EVENT_TYPES
from karez.hub.alarms import AlarmKey
from karez.settings import Settings
from karez.sorter.plc.tcp import wire


def _prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def _anchor(heading: str) -> str:
    """Anchor of a heading as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def _anchors(page: Path) -> set[str]:
    return {_anchor(heading) for heading in re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)}


@every_page
def test_relative_links_lead_somewhere(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", _prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in _anchors(file)):
            broken.append(target)
    assert broken == []


def test_every_page_is_reached_from_the_index() -> None:
    index = text("index.md")
    pages = [str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md") if page.name != "index.md"]
    assert [name for name in sorted(pages) if f"]({name})" not in index] == []


def _shown_commands(page: Path) -> Iterator[list[str]]:
    """Words of every command in a fenced `console` or `sh` block, and of every one in running text."""
    blocks = re.findall(r"^```(?:console|sh)\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    rows = [row.removeprefix("$ ") for block in blocks for row in block.splitlines()]
    rows += re.findall(r"`((?:karez|make) [^`\n]+)`", _prose(page))
    for row in rows:
        if row.startswith(("karez ", "make ")):
            yield shlex.split(row.replace("…", "."), comments=True)


def _fault(words: list[str]) -> str | None:
    """What is wrong with a command; ``None`` for a good one."""
    if words[0] == "make":
        makefile = (ROOT / "Makefile").read_text("utf-8")
        goal = words[1] if len(words) > 1 else "help"
        return None if re.search(rf"^{re.escape(goal)}:", makefile, re.MULTILINE) else f"make {goal}"
    commands = reference.commands()
    named = next((name for n in (3, 2) if (name := " ".join(words[:n])) in commands), None)
    if named is None:
        return " ".join(words[:3])
    options = {option for each in commands[named].params for option in each.opts}
    wrong = [word for word in words if word.startswith("--") and word.partition("=")[0] not in {*options, "--help"}]
    return f"{named} {wrong[0]}" if wrong else None


@every_page
def test_commands_that_a_page_shows_exist_with_their_options(page: Path) -> None:
    assert [fault for words in _shown_commands(page) if (fault := _fault(words))] == []


@every_page
def test_a_page_begins_with_its_title_and_says_what_it_is_for(page: Path) -> None:
    rows = [row for row in page.read_text("utf-8").splitlines() if row]
    assert rows[0].startswith("# ")
    assert not rows[1].startswith(("#", "|", "```", "- "))


def test_settings_that_pages_name_exist() -> None:
    known = {
        f"{section}.{field}"
        for section, each in Settings.model_fields.items()
        for field in each.annotation.model_fields  # type: ignore[union-attr]  # sections, all of them
    }
    sections = "|".join(Settings.model_fields)
    kinds = {kind for kind, _ in EVENT_TYPES} | {key.value for key in AlarmKey}
    named = {
        (page.name, name)
        for page in PAGES
        for name in re.findall(rf"`((?:{sections})\.[a-z_]+)`", page.read_text("utf-8"))
        if not name.endswith((".py", ".toml"))
    }
    assert len(named) > 15
    assert sorted(each for each in named if each[1] not in known | kinds) == []


def test_the_recorded_dialogue_with_a_plc_is_spoken_by_this_version() -> None:
    rows = re.findall(r"^(PLC|HUB)> (.+)$", text("how-to/connect-a-plc.md"), re.MULTILINE)
    said = {"PLC": 0, "HUB": 0}
    for side, row in rows:
        line = wire.decode(row.encode())
        assert not isinstance(line.body, wire.Unreadable)
        other = "HUB" if side == "PLC" else "PLC"
        assert line.ack <= said[other], f"acknowledges what was not said: {row}"
        said[side] = line.seq or said[side]
    assert said == {"PLC": 9, "HUB": 3}


@pytest.mark.parametrize("page", sorted((DOCS / "how-to").glob("*.md")), ids=lambda page: page.name)
def test_settings_shown_in_a_how_to_are_good(page: Path) -> None:
    for block in _toml_blocks(page):
        tables = tomllib.loads(block)
        assert {"area", "place"} & tables.keys() or Settings(**tables)


def _toml_blocks(page: Path) -> list[str]:
    return re.findall(r"^```toml\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_the_areas_shown_in_the_how_to_are_good(tmp_path: Path) -> None:
    blocks = _toml_blocks(DOCS / "how-to" / "delivery-areas.md")
    shown = tmp_path / "areas.toml"
    shown.write_text("\n".join(blocks), "utf-8")
    file = read_area_file(shown, Gazetteer.load())
    assert not file.faults
    fine = {RuleKind.VILLAGE, RuleKind.ROAD, RuleKind.ESTATE, RuleKind.POI, RuleKind.POLYGON, RuleKind.TOWNSHIP}
    assert fine == {rule.kind for rule in file.rules}


def test_the_systemd_unit_runs_commands_that_exist_and_starts_again_by_itself() -> None:
    unit = text("how-to/karez.service")
    commands = re.findall(r"^Exec\w+=/opt/karez/.venv/bin/(karez .+)$", unit, re.MULTILINE)
    assert len(commands) == 2
    assert [fault for row in commands if (fault := _fault(row.split()))] == []
    assert "\nRestart=always\n" in unit
