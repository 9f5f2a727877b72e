"""Pages written by hand name everything that the code has: alarms, routes, fields, terms, packages."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

import pytest

from docs.shelf import ROOT, SOURCE, reference, text
from karez.address.areas.findings import Finding, FindingKind, Weight
from karez.address.gazetteer import Gazetteer
from karez.address.record import as_record
from karez.cli.areas import finding_record
from karez.cli.records import answer_record, assignment_record, destination_record, learned_record, reading_record
from karez.domain.destination import Candidate, Destination, DestinationReason, Unresolved, UnresolvedReason
from karez.domain.ids import AnswerId, AreaId
from karez.domain.learned import LearnedAnswer
from karez.domain.reading import Box, Code, Found, Line, Reading, Source, SourceKind
from karez.domain.sorting import Assignment, AssignmentReason
from karez.hub.alarms import AlarmKey
from karez.settings import Settings, WebSection
from karez.simulation.demand import day
from karez.simulation.judge import judge
from karez.simulation.summary import HubSays, summary
from karez.simulation.virtual.report import report
from karez.web.app import create_app
from karez.web.doors import PlanView


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


FOUND_IN_AREAS = Finding(FindingKind.OVERLAP, Weight.ERROR, 1, (AreaId("KS-01"),), "what", "now")
TAUGHT = LearnedAnswer(AnswerId("a1"), "p-c-road-1", AreaId("KS-01"), "Aygul", datetime(2026, 11, 26, tzinfo=UTC))


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
        answer_record(TAUGHT),
        learned_record(TAUGHT.address, [TAUGHT], None),
        finding_record(FOUND_IN_AREAS),
    ],
    ids=["read", "destination", "unresolved", "assignment", "resolve", "answer", "learned", "areas"],
)
def test_every_field_of_the_commands_json_is_in_the_reference(record: dict[str, Any]) -> None:
    page = text("reference/json.md")
    assert [name for name in sorted(_names(record)) if not re.search(rf"\b{name}\b", page)] == []


def test_every_kind_of_finding_in_an_areas_file_is_in_the_reference() -> None:
    page = text("reference/json.md")
    assert [kind for kind in [*FindingKind, *Weight] if f"`{kind}`" not in page] == []


def test_every_field_of_the_demo_s_summary_is_in_the_reference() -> None:
    page = text("reference/json.md").partition("## `karez demo --json`")[2]
    named = _names(_summary()) | {"hall_seconds", "chutes_filled", "links_cut"}  # the last three by karez demo itself
    assert [
        name for name in sorted(named) if f"`{name}`" not in page and not re.search(rf"[{{ ]{name}[,}}]", page)
    ] == []


def test_every_field_of_a_simulated_day_s_report_is_in_the_reference() -> None:
    page = text("reference/json.md").partition("## `karez simulate --json`")[2].partition("\n## ")[0]
    assert [name for name in report([], 1, 1, 1, 1.0) if f"`{name}`" not in page] == []


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
