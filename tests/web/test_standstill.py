"""What the pages show when nobody knows what moves: control silent, link down, sorter stopped."""

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from karez.domain import events as ev
from karez.domain.ids import ParcelId
from karez.settings import HallSection
from karez.web.follow import Follower
from karez.web.hall_drawing import draw
from karez.web.hall_figures import HallFigures
from karez.web.hall_view import carriers, known_at, lap_s
from web.conftest import NOW, Hub
from web.fake_day import FakeControl, FakeStore, plan_view

LINK_DOWN = ev.SorterDisconnected("127.0.0.1:50412", "closed by the peer")
STOPPED = ev.SorterChanged("sorter", "loop", "stopped", 0, 1)
DRAWING = draw(plan_view())
LAP = lap_s(HallSection(), None)


def hall_after(event: ev.Event | None) -> HallFigures:
    """One parcel scanned ten seconds before ``NOW``, and then an event five seconds before."""
    hall, parcel = HallFigures(), ParcelId("p1")
    told: list[tuple[float, ev.Event]] = [
        (-12, ev.ParcelInducted(parcel, 7, "I1", 0)),
        (-10, ev.ParcelScanned(parcel, 7, 1, 2000)),
        (-5, event or ev.HubStarted("Kashi", "1", 0, True)),
    ]
    for number, (second, each) in enumerate(told):
        hall.apply(ev.Recorded(number + 1, ev.HUB_STREAM, number + 1, NOW + timedelta(seconds=second), each))
    return hall


def drawn(hall: HallFigures, control_up: bool, later_s: float) -> list[dict[str, Any]]:
    now = NOW + timedelta(seconds=later_s)
    return carriers(hall, DRAWING, LAP, known_at(hall, control_up, NOW, now))


@pytest.mark.parametrize(("event", "control_up"), [(LINK_DOWN, True), (STOPPED, True), (None, False)])
def test_carriers_stay_where_they_were_last_known_however_long_it_lasts(event: ev.Event | None, control_up: bool):
    hall = hall_after(event)
    soon, late = drawn(hall, control_up, 1), drawn(hall, control_up, 3600)
    assert soon == late
    assert len(late) == 1


def test_a_carrier_goes_on_while_all_is_well():
    hall = hall_after(None)
    assert drawn(hall, True, 1)[0]["at"] < drawn(hall, True, 3)[0]["at"]


def test_a_parcel_heard_of_after_the_link_was_lost_is_drawn_where_it_was_heard_of():
    hall = hall_after(LINK_DOWN)
    late = ev.ParcelScanned(ParcelId("p1"), 7, 2, 3000)
    hall.apply(ev.Recorded(9, ev.HUB_STREAM, 9, NOW, late))
    assert drawn(hall, True, 60) == [{"id": "p1", "at": 0.0, "kind": "again"}]


@pytest.mark.parametrize("view", ["drawing", "table"])
def test_the_count_of_the_page_is_the_count_of_the_drawing(hub: Hub, view: str):
    for number in range(3):
        parcel = ParcelId(f"q{number}")
        hub.store.append(ev.ParcelInducted(parcel, number, "I1", 10_000_000), NOW - timedelta(seconds=4))
    hub.store.append(LINK_DOWN, NOW - timedelta(seconds=2))
    hub.wait_until_read()
    page = hub.client.get("/", params={"view": view}).text
    assert re.search(r'is-stale"><span class="number"><bdi dir="ltr">3</bdi>', page)
    if view == "drawing":
        told = re.search(r'data-carriers="([^"]*)"', page)
        assert told is not None
        shown = json.loads(unescape(told[1]))
        assert (len(shown["list"]), shown["moving"]) == (3, False)


async def test_whoever_asks_control_the_pages_and_the_health_check_say_the_same():
    control = FakeControl()
    follower = Follower(FakeStore(), control, lambda: NOW)
    for up in (False, True, False):
        control.up, tick = up, follower.tick
        assert await follower.ask_control() is up
        assert follower.control_up is up
        assert follower.tick == tick + 1


def test_the_page_follows_the_answer_of_the_health_check_at_once(hub: Hub):
    hub.control.up = False
    assert hub.client.get("/healthz").status_code == 503
    assert "Hub control does not answer" in hub.client.get("/").text
    hub.control.up = True
    assert hub.client.get("/healthz").status_code == 200
    assert "Hub control does not answer" not in hub.client.get("/").text
