"""The driver that the how-to writes is real: its code is taken from the page and put through the contract tests."""

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from contracts import test_hall_over_the_link as over_the_link
from contracts import test_plc_drivers as contract
from contracts import test_plc_links as links
from driver_suite import Entry
from karez.sorter.plc.drivers import DRIVERS, Driver

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-driver.md"
_BLOCK = re.compile(r"^`plain/(\w+\.py)`.*?```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r'```python\n"plain": (Driver\(.*?\)),\n```', re.DOTALL)
PLAIN = Entry("plain")
ROLES = pytest.mark.parametrize("hub_role", ["server", "client"])


@pytest.fixture(autouse=True)
def plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The page's package, importable, and its row in the table."""
    text = PAGE.read_text("utf-8")
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""Plain lines."""\n', "utf-8")
    for name, code in _BLOCK.findall(text):
        (folder / name).write_text(code, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    names: dict[str, object] = {"Driver": Driver}
    for module in ("driver", "options", "twin"):
        loaded: ModuleType = importlib.import_module(f"plain.{module}")
        names |= vars(loaded)
    row = _ROW.search(text)
    assert row is not None
    monkeypatch.setitem(DRIVERS, "plain", eval(row[1], names))
    yield
    for module in [each for each in sys.modules if each == "plain" or each.startswith("plain.")]:
        del sys.modules[module]


@ROLES
async def test_the_pages_driver_carries_what_it_declares(hub_role: str) -> None:
    await contract.test_every_kind_of_telegram_arrives_with_all_that_the_driver_says_it_carries(PLAIN, hub_role)
    await contract.test_an_order_and_a_request_reach_the_plc_with_all_that_the_driver_says_it_carries(PLAIN, hub_role)
    await contract.test_every_outcome_and_every_state_of_a_chute_is_carried(PLAIN)
    await contract.test_laps_are_told_by_the_plc_or_counted_by_the_driver(PLAIN)
    await contract.test_an_order_that_says_nothing_new_is_given_to_the_hall_once(PLAIN)


@ROLES
async def test_the_pages_driver_comes_back_and_notices_silence(hub_role: str) -> None:
    await links.test_the_link_comes_back_after_a_cut_and_both_are_told(PLAIN, hub_role)
    await links.test_what_was_to_be_said_during_a_cut_is_said_behind_it_in_order(PLAIN, hub_role)
    await links.test_a_link_that_falls_silent_is_reported_and_replaced(PLAIN, hub_role)
    await links.test_a_hub_that_is_not_there_yet_is_found_when_it_comes(PLAIN)


async def test_the_pages_driver_turns_strangers_away() -> None:
    contract.test_options_that_a_driver_does_not_know_are_refused_by_name(PLAIN)
    await links.test_bytes_that_are_no_telegrams_do_not_keep_an_honest_plc_out(PLAIN)
    await links.test_a_server_that_speaks_something_else_is_left_and_an_honest_one_found(PLAIN)
    await links.test_a_peer_that_is_not_on_the_list_is_refused_and_reported(PLAIN)


async def test_the_hall_has_the_same_outcomes_over_the_pages_driver() -> None:
    await over_the_link.test_the_same_seed_has_the_same_outcomes_over_every_driver(PLAIN)
    await over_the_link.test_a_cut_has_the_same_outcomes_over_every_driver(PLAIN)
