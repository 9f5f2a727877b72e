import json
from typing import Any

import pytest

from karez.domain.errors import StoreError
from karez.hub.doorway import FrameAnswer
from karez.web.api_page import with_code
from karez.web.follow import Follower
from karez.web.live import fragments
from web.conftest import NOW, Hub
from web.fake_day import PICTURE, PICTURE_ID, FakeControl, FakeStore, waybill

FRAME = {"camera": "C1", "captured_at": "2026-03-01T08:15:30.250+08:00", "parcel": "p000001"}


def is_clear(fault: dict[str, Any]) -> bool:
    return all(fault[part] for part in ("error", "what", "where", "advice"))


def test_a_raw_picture_is_accepted_with_its_camera_time_and_parcel(hub: Hub):
    answer = hub.client.post("/api/frames", params=FRAME, content=PICTURE)
    assert answer.status_code == 202
    assert answer.json() == {"answer": "accepted", "picture": PICTURE_ID}
    frame = hub.control.frames[0]
    assert (frame.data, frame.camera, frame.parcel, frame.trigger) == (PICTURE, "C1", "p000001", None)
    assert frame.captured_at is not None
    assert frame.captured_at.isoformat() == "2026-03-01T08:15:30.250000+08:00"


def test_a_picture_in_a_form_is_accepted_with_its_fields(hub: Hub):
    answer = hub.client.post(
        "/api/frames", data={"camera": "C2", "trigger": "4711"}, files={"file": ("a.jpg", PICTURE, "image/jpeg")}
    )
    assert answer.status_code == 202
    assert (hub.control.frames[0].camera, hub.control.frames[0].trigger) == ("C2", "4711")


@pytest.mark.parametrize("answer", [FrameAnswer.QUEUE_FULL, FrameAnswer.UNAVAILABLE])
def test_a_full_queue_or_an_absent_control_is_503_with_a_time_to_come_again(hub: Hub, answer: FrameAnswer):
    hub.control.answer = answer
    refused = hub.client.post("/api/frames", params=FRAME, content=PICTURE)
    assert refused.status_code == 503
    assert refused.headers["retry-after"] == "1"
    assert is_clear(refused.json())


def test_a_picture_over_the_limit_is_413_before_it_is_held(hub: Hub):
    too_large = hub.client.post("/api/frames", params=FRAME, content=b"x" * 33_000_000)
    assert too_large.status_code == 413
    assert "32 MB" in too_large.json()["what"]
    assert hub.control.frames == []


def test_a_body_that_hides_its_length_is_cut_off_at_the_limit(hub: Hub):
    sent = hub.client.post("/api/frames", params=FRAME, content=(b"x" * 1_000_000 for _ in range(40)))
    assert sent.status_code == 413


@pytest.mark.parametrize(
    ("params", "content", "where"),
    [
        ({}, PICTURE, "camera"),
        (FRAME | {"captured_at": "yesterday"}, PICTURE, "captured_at"),
        (FRAME | {"captured_at": "2026-03-01T08:15:30"}, PICTURE, "captured_at"),
        (FRAME, b"", "body"),
    ],
)
def test_bad_input_says_what_where_and_what_now(hub: Hub, params: dict[str, str], content: bytes, where: str):
    refused = hub.client.post("/api/frames", params=params, content=content)
    assert refused.status_code == 400
    assert refused.json()["where"] == where
    assert is_clear(refused.json())


def test_a_broken_form_is_bad_input_and_no_fault_of_ours(hub: Hub):
    headers = {"content-type": "multipart/form-data; boundary=x"}
    assert hub.client.post("/api/frames", content=b"rubbish", headers=headers).status_code == 400


def test_order_data_is_handed_over_and_the_report_comes_back(hub: Hub):
    csv = b"waybill,address\nYT1,somewhere\nYT2,elsewhere\n"
    answer = hub.client.post("/api/advice", params={"name": "yto.csv"}, content=csv)
    assert answer.json() == {"rows": 2, "rejected": 0, "faults": []}
    assert hub.control.advices == [("yto.csv", csv)]
    hub.control.up = False
    assert hub.client.post("/api/advice", content=csv).status_code == 503


def test_events_are_read_in_order_from_a_position(hub: Hub):
    first = hub.client.get("/api/events", params={"limit": 3}).json()
    assert [each["position"] for each in first["events"]] == [1, 2, 3]
    assert first["events"][0]["kind"] == "hub.started"
    following = hub.client.get("/api/events", params={"after": first["next"], "limit": 2}).json()
    assert [each["position"] for each in following["events"]] == [4, 5]
    assert following["last"] == len(hub.store.recorded)


def test_a_limit_out_of_bounds_is_a_clear_400(hub: Hub):
    refused = hub.client.get("/api/events", params={"limit": 100_000})
    assert refused.status_code == 400
    assert refused.json()["where"] == "query limit"


def test_parcels_are_found_by_the_beginning_of_their_waybill(hub: Hub):
    found = hub.client.get("/api/parcels", params={"q": waybill(5)}).json()["parcels"]
    assert [(row["parcel"], row["state"]) for row in found] == [("p000005", "diverted")]


def test_health_is_200_when_all_is_well_and_503_with_reasons_when_not(hub: Hub):
    assert hub.client.get("/healthz").json() == {"ok": True, "reasons": []}
    hub.control.up = False
    assert hub.client.get("/healthz").json() == {"ok": False, "reasons": ["control: does not answer"]}
    hub.store.fault = StoreError("cannot be opened")
    sick = hub.client.get("/healthz")
    assert sick.status_code == 503
    assert sick.json()["reasons"] == ["event store: cannot be opened", "control: does not answer"]


def test_the_api_page_lists_every_door_and_names_no_other_machine(hub: Hub):
    page = hub.client.get("/api").text
    for door in ("/api/frames", "/api/advice", "/api/events", "/stream", "/healthz", "parcel.read"):
        assert door in page
    assert "cdn" not in page
    assert hub.client.get("/docs").status_code == 404


@pytest.mark.parametrize(("language", "title"), [("en", "API"), ("zh", "接口")])
def test_the_api_page_has_the_menu_s_word_and_its_literals_are_code(hub: Hub, language: str, title: str):
    hub.client.get("/preferences", params={"language": language})
    page = hub.client.get("/api").text
    assert f"<h1>{title}</h1>" in page
    assert f"<title>{title} · " in page
    assert "<code>Last-Event-ID</code>" in page
    assert "`" not in page


def test_a_description_s_own_signs_stay_text():
    assert with_code("``<a>`` & `b` <i>") == "<code>&lt;a&gt;</code> &amp; <code>b</code> &lt;i&gt;"


async def test_a_page_first_gets_all_parts_and_then_only_what_changed():
    follower = Follower(FakeStore(), FakeControl(), lambda: NOW)
    parts = iter([{"a": "1", "b": "1"}, {"a": "1", "b": "2"}])
    stream = fragments(follower, lambda: next(parts))
    assert await anext(stream) == b"retry: 1000\n\n"
    first, second = await anext(stream), await anext(stream)
    assert json.loads(first.split(b"data: ")[1]) == {"a": "1", "b": "1"}
    assert json.loads(second.split(b"data: ")[1]) == {"b": "2"}
    assert first.startswith(b"id: 0\n")
    await stream.aclose()  # type: ignore[attr-defined]
