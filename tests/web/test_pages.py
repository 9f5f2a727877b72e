from pathlib import Path
from types import SimpleNamespace

import pytest

from karez.domain import events as ev
from karez.domain.ids import ChuteId, ParcelId
from karez.settings import WebSection
from karez.web.parcel_story import story
from web.conftest import NOW, Hub, open_hub
from web.fake_day import EXCEPTION, PICTURE, PICTURE_ID, parcel_id, waybill


def no_read_of(hub: Hub) -> ParcelId:
    return next(each.event.parcel for each in hub.store.recorded if isinstance(each.event, ev.ParcelNotRead))


def test_the_hall_page_has_the_five_figures_all_chutes_and_the_band_of_a_simulation(tmp_path: Path):
    with open_hub(tmp_path, WebSection(language="en"), simulated=True) as client:
        page = client.get("/").text
    for word in ("Throughput", "Read rate", "Recirculation", "Exceptions", "Missorts", "SIMULATION"):
        assert word in page
    assert page.count('class="chute"') == 40


def test_a_real_hall_has_no_band(hub: Hub):
    assert "SIMULATION" not in hub.client.get("/").text


def test_the_table_tells_in_words_what_the_drawing_shows(hub: Hub):
    page = hub.client.get("/?view=table").text
    assert page.count('data-live="row-') == 40
    assert "closed" in page
    assert '<svg class="hall"' not in page


@pytest.mark.parametrize(
    ("language", "word", "direction"), [("zh", "大厅", "ltr"), ("ug", "زال", "rtl"), ("en", "Hall", "ltr")]
)
def test_each_language_has_its_page_and_direction(hub: Hub, language: str, word: str, direction: str):
    hub.client.get("/preferences", params={"language": language})
    page = hub.client.get("/").text
    assert f'dir="{direction}" data-theme' in page
    assert word in page
    assert ("دەسلەپكى نۇسخا" in page) is (language == "ug")


def test_a_lifeline_tells_every_event_with_its_reason_and_why_it_went_there(hub: Hub):
    page = hub.client.get("/parcels/p000005").text
    assert "because the sort plan sends parcels for" in page
    assert page.count('class="life life-') == len(hub.store.read_stream(ev.parcel_stream(parcel_id(5))))
    assert "The sort code is in the hub&#39;s table" in page
    assert "The sort code 902A stands in the hub&#39;s table." in page
    assert f"/pictures/{PICTURE_ID}" in page
    assert page.count("<polygon") == 3


def test_a_parcel_that_was_not_read_says_so_at_the_top(hub: Hub):
    page = hub.client.get(f"/parcels/{no_read_of(hub)}").text
    assert "because no waybill number could be read from its label" in page
    assert "No label was found" in page


def test_times_are_shown_in_the_hub_s_zone(hub: Hub):
    inducted = hub.store.read_stream(ev.parcel_stream(parcel_id(5)))[0].at
    assert f"{(inducted.hour + 8) % 24:02d}:{inducted:%M:%S}" in hub.client.get("/parcels/p000005").text


def test_a_waybill_leads_to_its_parcel_and_a_scanner_s_enter_opens_it(hub: Hub):
    by_name = hub.client.get(f"/parcels/{waybill(5)}", follow_redirects=False)
    by_scanner = hub.client.get("/parcels", params={"q": waybill(5), "go": "1"}, follow_redirects=False)
    assert by_name.headers["location"] == by_scanner.headers["location"] == "/parcels/p000005"


def test_a_search_without_a_match_says_so_and_an_unknown_parcel_is_a_page_not_a_trace(hub: Hub):
    assert "begins with NOSUCH" in hub.client.get("/parcels", params={"q": "NOSUCH"}).text
    missing = hub.client.get("/parcels/NOSUCH", headers={"Accept": "text/html"})
    assert missing.status_code == 404
    assert "There is no parcel or page of this name" in missing.text


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "' or 1=1", "%00", "../../etc/passwd", "é" * 200])
def test_what_is_typed_comes_back_as_text_only(hub: Hub, name: str):
    page = hub.client.get("/parcels", params={"q": name})
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_a_picture_is_served_with_its_type_and_a_missing_one_is_404(hub: Hub):
    picture = hub.client.get(f"/pictures/{PICTURE_ID}")
    assert (picture.content, picture.headers["content-type"]) == (PICTURE, "image/jpeg")
    assert hub.client.get("/pictures/" + "0" * 64).status_code == 404
    assert hub.client.get("/pictures/..%2f..%2fetc%2fpasswd").status_code == 404


def test_an_address_is_shown_masked_while_it_is_kept(hub: Hub):
    hub.store.texts[parcel_id(5)] = SimpleNamespace(address="喀什市西域大道12号 阿里木 13812345678")
    page = hub.client.get("/parcels/p000005").text
    assert "西域大道12号" in page
    assert "13812345678" not in page
    assert "Address, masked" in page


def test_an_address_without_anything_to_mask_is_not_called_masked(hub: Hub):
    hub.store.texts[parcel_id(5)] = SimpleNamespace(address="喀什市西域大道12号")
    page = hub.client.get("/parcels/p000005").text
    assert "<dt>Address</dt>" in page
    assert "masked" not in page


@pytest.mark.parametrize(("language", "name"), [("en", "JD Logistics"), ("zh", "京东物流")])
def test_the_courier_company_has_its_name_in_the_lifeline_too(hub: Hub, language: str, name: str):
    parcel = ParcelId("jd1")
    read = ev.ParcelRead(parcel, "JDX000000000001", "jd", None, True, 0.99, "code", "Code128", PICTURE_ID, "C1", 41.5)
    hub.store.append(ev.ParcelInducted(parcel, 7, "I1", 0), NOW)
    hub.store.append(read, NOW)
    hub.client.get("/preferences", params={"language": language})
    page = hub.client.get("/parcels/jd1").text
    assert page.count(f">{name}<") == 2
    assert ">jd<" not in page


def test_the_story_of_a_missort_names_both_chutes():
    ends = ev.ParcelMissorted(ParcelId("p"), ChuteId("K03"), (ChuteId("K01"),), 0)
    told = story([ev.Recorded(1, ev.HUB_STREAM, 1, None, ends)], {})  # type: ignore[arg-type]
    assert told.text % told.values == "Chute K03 by mistake: it was ordered to K01."


def test_the_last_chute_of_the_fake_hall_takes_the_exceptions(hub: Hub):
    assert f'id="chute-{EXCEPTION}"' in hub.client.get("/").text


def raise_alarms(hub: Hub, count: int) -> None:
    for number in range(1, count + 1):
        explanation = f"plans/day.csv, line {number}, field area: no such area."
        hub.store.append(ev.AlarmRaised("plan.rejected", f"day-{number}.csv", 2, explanation), NOW)
    hub.wait_until_read()


def test_an_alarm_of_a_known_kind_tells_its_advice_and_its_own_explanation(hub: Hub):
    raise_alarms(hub, 1)
    page = hub.client.get("/").text
    assert "Correct the file as the message says and save it." in page
    assert '<p class="explanation" lang="en" dir="ltr">plans/day.csv, line 1, field area: no such area.</p>' in page


def test_alarms_beyond_the_first_three_are_in_a_list_that_opens_without_a_script(hub: Hub):
    raise_alarms(hub, 5)
    before, more = hub.client.get("/").text.split('<details class="more"')
    assert before.count('<li class="alarm">') == 3
    assert more.split("</details>")[0].count('<li class="alarm">') == 3  # with the full chute of the day
    assert "<summary>and 3 more</summary>" in more
