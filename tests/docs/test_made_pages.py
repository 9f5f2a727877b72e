"""Pages made from the code are current, and nothing in them is left unsaid."""

from typing import Any

import pytest

from docs.shelf import reference, text
from karez.domain.coding import CodingOutcome
from karez.domain.destination import DestinationReason, UnresolvedReason
from karez.domain.events import EVENT_TYPES
from karez.domain.parcels import ParcelState
from karez.domain.reading import NoReadReason
from karez.domain.sorting import AssignmentReason, ChuteState
from karez.hub.alarms import AlarmKey
from karez.settings import Settings


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
    "kind",
    [
        NoReadReason,
        DestinationReason,
        UnresolvedReason,
        CodingOutcome,
        AssignmentReason,
        ChuteState,
        ParcelState,
        AlarmKey,
    ],
)
def test_every_reason_and_alarm_is_in_the_reference(kind: Any) -> None:
    page = text("reference/reasons.md")
    assert [member.value for member in kind if f"| `{member.value}` |" not in page] == []
