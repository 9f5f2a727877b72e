"""The documentation says what the code does: pages made from it are current, and what it names exists."""

import ast
import importlib.util
import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from karez.address.advice import as_record
from karez.address.gazetteer import Gazetteer
from karez.cli.records import assignment_record, destination_record, reading_record
from karez.domain.destination import Candidate, Destination, DestinationReason, Unresolved, UnresolvedReason
from karez.domain.events import EVENT_TYPES
from karez.domain.ids import AreaId
from karez.domain.parcels import ParcelState
from karez.domain.reading import Box, Code, Found, Line, NoReadReason, Reading, Source, SourceKind
from karez.domain.sorting import Assignment, AssignmentReason, ChuteState
from karez.hub.alarms import AlarmKey
from karez.settings import Settings, WebSection
from karez.simulation.demand import day
from karez.simulation.judge import judge
from karez.simulation.summary import HubSays, summary
from karez.sorter.plc.tcp import wire
from karez.web.app import create_app
from karez.web.doors import PlanView

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SOURCE = ROOT / "src" / "karez"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"])

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def _script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


reference = _script("reference")


def text(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


# ---- pages made from the code ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", reference.PAGES)
def test_a_page_made_from_the_code_is_current(name: str) -> None:
    assert text(f"reference/{name}") == reference.PAGES[name](), "run .venv/bin/python scripts/reference.py"


def test_every_command_with_its_options_is_in_the_reference() -> None:
    page = text("reference/commands.md")
    for path, command in reference.commands().items():
        assert f"## `{path}`" in page
        assert all(option in page for each in command.params for option in each.opts if option.startswith("--"))


def test_every_command_option_and_setting_says_what_it_is_for() -> None:
    silent = [
        f"{path} {each.name}"
        for path, command in reference.commands().items()
        for each in command.params
        if not each.help
    ]
    silent += [
        f"{section}.{name}"
        for section, each in Settings.model_fields.items()
        for name, field in each.annotation.model_fields.items()  # type: ignore[union-attr]  # sections, all of them
        if not (field.title and field.description)
    ]
    assert silent == []


def test_every_event_kind_is_in_the_reference() -> None:
    page = text("reference/events.md")
    assert [kind for kind, _ in EVENT_TYPES if f"| `{kind}` |" not in page] == []


@pytest.mark.parametrize(
    "kind", [NoReadReason, DestinationReason, UnresolvedReason, AssignmentReason, ChuteState, ParcelState, AlarmKey]
)
def test_every_reason_and_alarm_is_in_the_reference(kind: Any) -> None:
    page = text("reference/reasons.md")
    assert [member.value for member in kind if f"| `{member.value}` |" not in page] == []


# ---- what pages must name --------------------------------------------------------------------------------------------


def test_every_alarm_is_described_with_its_priority() -> None:
    page = text("how-to/when-something-is-wrong.md")
    described = dict(re.findall(r"^## `([a-z._]+)`\n\nPriority (\d)\.", page, re.MULTILINE))
    priorities = reference.PRIORITY
    assert described == {key.value: str(priorities[key]) for key in AlarmKey}


def _routes(routes: Any) -> Iterator[tuple[str, str]]:
    """Method and path of every route; routers that were included keep theirs."""
    for route in routes:
        if hasattr(route, "original_router"):
            yield from _routes(route.original_router.routes)
        elif getattr(route, "methods", None):
            yield from ((method, route.path) for method in route.methods if method != "HEAD")


def test_every_http_route_is_in_the_reference_and_no_other() -> None:
    settings = Settings(web=WebSection(token="a token of a test"))
    nothing: Any = None  # no request is made: only the routes are looked at
    app = create_app(settings, nothing, nothing, nothing, nothing, PlanView("plan", []))
    served = set(_routes(app.routes))
    assert len(served) > 15
    described = set(re.findall(r"^\| `([A-Z]+) (/[^ `]*)` \|", text("reference/http.md"), re.MULTILINE))
    assert described == served


def test_every_parameter_of_the_api_is_in_the_reference() -> None:
    nothing: Any = None
    app = create_app(Settings(), nothing, nothing, nothing, nothing, PlanView("plan", []))
    rows = dict(re.findall(r"^\| `([A-Z]+ /[^ `]*)` \| (.*)$", text("reference/http.md"), re.MULTILINE))
    missing = [
        f"{method} {path} {parameter['name']}"
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
        for parameter in operation.get("parameters", [])
        if f"`{parameter['name']}`" not in rows[f"{method.upper()} {path}"]
    ]
    assert missing == []


BOX: Box = ((0, 0), (1, 0), (1, 1), (0, 1))
FOUND = Found("YT1234567890123", Source(SourceKind.CODE, 0, (0,)), 0.9)
CODES = (Code("YT1234567890123", "Code128", BOX),)
READING = Reading(FOUND, "yto", FOUND, FOUND, CODES, (Line("x", "Latn", 0.9, BOX),), 1.0)
PLACE = Candidate("p", "q", "653101", "c", "653101001", "t", AreaId("KS-01"), 0.5)
DESTINATION = Destination(
    "p",
    "q",
    "653101",
    "c",
    "653101001",
    "t",
    AreaId("KS-01"),
    0.9,
    DestinationReason.ADDRESS,
    "why",
    candidates=(PLACE,),
)


def _names(record: object) -> set[str]:
    """Names of all fields, at every depth."""
    if isinstance(record, dict):
        return {str(name) for name in record} | {name for value in record.values() for name in _names(value)}
    if isinstance(record, list | tuple):
        return {name for value in record for name in _names(value)}
    return set()


def _summary() -> dict[str, Any]:
    """The summary of one parcel that ended nowhere, so that every field has something in it."""
    example = ROOT / "examples" / "kashi"
    parcels = day(1, 1, 20_000, example / "areas.toml", example / "sort_codes.toml", 2)
    verdict = judge(parcels, {}, example / "plan.toml", example / "areas.toml")
    says = HubSays(frozenset(), frozenset(), {})
    made = summary(parcels, {}, {}, verdict, says, {}, 1.0)
    for free in ("pictures", "scripts", "companies"):  # keyed by what the day holds
        made["mix"][free] = sorted(made["mix"][free])
    return made


@pytest.mark.parametrize(
    "record",
    [
        reading_record("a.jpg", READING),
        destination_record(DESTINATION),
        destination_record(Unresolved(UnresolvedReason.AMBIGUOUS, "why", (PLACE,))),
        assignment_record(Assignment(None, (), AssignmentReason.ALL_FULL, "why")),
        as_record("text", DESTINATION, Gazetteer.load()),
    ],
    ids=["read", "destination", "unresolved", "assignment", "resolve"],
)
def test_every_field_of_the_commands_json_is_in_the_reference(record: dict[str, Any]) -> None:
    page = text("reference/json.md")
    assert [name for name in sorted(_names(record)) if not re.search(rf"\b{name}\b", page)] == []


def test_every_field_of_the_demo_s_summary_is_in_the_reference() -> None:
    page = text("reference/json.md").partition("## `karez demo --json`")[2]
    named = _names(_summary()) | {"hall_seconds", "chutes_filled", "links_cut"}  # the last three by karez demo itself
    assert [
        name for name in sorted(named) if f"`{name}`" not in page and not re.search(rf"[{{ ]{name}[,}}]", page)
    ] == []


def test_every_term_of_the_glossary_is_in_the_code_where_it_says() -> None:
    rows = re.findall(r"^\| ([^|]+) \|.*\| `([^`]+)` \| `([^`]+)` \|$", text("glossary.md"), re.MULTILINE)
    assert len(rows) > 40
    strayed = [
        f"{term}: {name} is not in {module}"
        for term, name, module in rows
        if not re.search(rf"\b{re.escape(name)}\b", (SOURCE / module).read_text("utf-8"))
    ]
    assert strayed == []


def _packages() -> list[tuple[str, str, str]]:
    """Name, version and licence of every Python package in the credits."""
    table = text("reference/credits.md").partition("| package | version | licence |")[2]
    return re.findall(r"^\| ([a-z0-9._-]+) \| ([^ |]+) \| ([^|]+) \|$", table, re.MULTILINE)


def test_the_credits_name_every_locked_package_with_version_and_the_licence_it_states() -> None:
    locks = "".join((ROOT / "requirements" / f"{name}.txt").read_text() for name in ("runtime", "models"))
    locked = set(re.findall(r"^([a-z0-9._-]+)==([^\s\\]+)", locks, re.MULTILINE))
    rows = _packages()
    assert {(name, version) for name, version, _ in rows} == locked
    stated = {name: metadata.metadata(name)["License-Expression"] for name, _, _ in rows}
    assert [name for name, _, licence in rows if stated[name] not in (None, licence)] == []


def test_no_locked_package_is_under_the_gpl() -> None:
    rows = _packages()
    assert rows
    assert [name for name, _, licence in rows if re.search(r"(?<!L)GPL", licence)] == []


# ---- what pages name must exist --------------------------------------------------------------------------------------


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
    for block in re.findall(r"^```toml\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        assert Settings(**tomllib.loads(block))


def test_the_systemd_unit_runs_commands_that_exist_and_starts_again_by_itself() -> None:
    unit = text("how-to/karez.service")
    commands = re.findall(r"^Exec\w+=/opt/karez/.venv/bin/(karez .+)$", unit, re.MULTILINE)
    assert len(commands) == 2
    assert [fault for row in commands if (fault := _fault(row.split()))] == []
    assert "\nRestart=always\n" in unit


# ---- the repository --------------------------------------------------------------------------------------------------


def test_every_room_says_in_one_sentence_what_it_is_for() -> None:
    for room in sorted(SOURCE.glob("*/__init__.py")):
        said = ast.get_docstring(ast.parse(room.read_text("utf-8"))) or ""
        assert re.fullmatch(r"[A-Z].{20,}\.", said), f"{room.parent.name}: {said!r}"


_HOSTS = ("pypi" + ".org", "pythonhosted" + ".org", "registry." + "npmjs", "deb.debian" + ".org", "index-" + "url")
_PLACES = ("/wo" + "rk/", "/ro" + "ot/")


def test_no_file_names_a_registry_host_or_a_path_of_the_machine_it_was_written_on() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("this is no git checkout")
    found = []
    for name in filter(None, listed.stdout.decode().split("\0")):
        file = ROOT / name
        if file.is_file():
            data = file.read_bytes()
            found += [f"{name}: {word}" for word in (*_HOSTS, *_PLACES) if word.encode() in data]
    assert found == []
