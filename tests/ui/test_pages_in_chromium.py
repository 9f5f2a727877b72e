import itertools
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from karez.domain.events import AlarmRaised, ChuteChanged, SorterDisconnected
from karez.domain.ids import ChuteId
from ui.conftest import LiveHub, Open, Watched, served
from web.fake_day import utc_now, waybill

PARCEL = "/parcels/p000005"
PAGES = ["/", "/?view=table", "/parcels", PARCEL, "/api", "/parcels/NOSUCH"]
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=WCAG).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]} ({len(each['nodes'])})" for each in found]


def position(page: Page) -> int:
    return int(page.locator("body").get_attribute("data-position") or 0)


def until(holds: Callable[[], bool], patience_s: float = 20.0) -> None:
    """Wait for something (the page's policy forbids Playwright's own way, which evaluates strings)."""
    end = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def is_quiet(watched: Watched) -> bool:
    return watched.complaints == [] and watched.hosts == {"127.0.0.1"}


def test_the_hall_changes_before_one_s_eyes_without_a_reload(open_page: Open, live_hub: LiveHub):
    watched = open_page("/")
    page = watched.page
    page.evaluate("window.sameDocument = true")
    first = page.locator(".ticker li").first.inner_text()
    expect(page.locator("body")).to_have_attribute("data-position", re.compile(r"\d+"))
    before = position(page)
    until(lambda: position(page) > before + 20)
    until(lambda: page.locator(".ticker li").first.inner_text() != first)
    assert page.evaluate("window.sameDocument")
    assert is_quiet(watched), watched


def test_carriers_move_along_the_loop_between_the_hub_s_messages(open_page: Open):
    page = open_page("/").page
    page.wait_for_selector(".carriers a")
    moved = page.evaluate(
        """async () => {
            const carrier = document.querySelector(".carriers a");
            const places = new Set();
            for (let frame = 0; frame < 12; frame += 1) {
                places.add(carrier.getAttribute("transform"));
                await new Promise(requestAnimationFrame);
            }
            return places.size;
        }"""
    )
    assert moved > 3


def test_reduced_motion_moves_carriers_only_when_the_hub_speaks(open_page: Open):
    page = open_page("/", reduced_motion="reduce").page
    page.wait_for_selector(".carriers a")
    moved = page.evaluate(
        """async () => {
            const carrier = document.querySelector(".carriers a");
            const places = new Set();
            for (let frame = 0; frame < 12; frame += 1) {
                places.add(carrier.getAttribute("transform"));
                await new Promise(requestAnimationFrame);
            }
            return places.size;
        }"""
    )
    assert moved <= 2


@pytest.mark.parametrize("language", ["en", "zh", "ug"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_hall_fits_1280_by_720_without_scrolling(open_page: Open, screenshots: Path, language: str, scheme: str):
    watched = open_page("/", language, color_scheme=scheme)
    watched.page.wait_for_selector(".carriers a")
    watched.page.wait_for_timeout(700)
    size = watched.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert size == [1280, 720]
    hall = watched.page.locator("svg.hall").bounding_box()
    assert hall is not None
    assert hall["y"] + hall["height"] <= 720
    watched.page.screenshot(path=screenshots / f"hall-{language}-{scheme}.png")
    assert is_quiet(watched), watched


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_barrier_that_axe_can_find(open_page: Open, path: str, scheme: str):
    page = open_page(path, color_scheme=scheme).page
    page.wait_for_timeout(300)
    assert violations(page) == []


@pytest.mark.parametrize("path", ["/", PARCEL])
def test_the_uyghur_pages_have_none_either(open_page: Open, path: str):
    assert violations(open_page(path, "ug").page) == []


def test_uyghur_runs_right_to_left_but_the_drawing_is_not_mirrored(open_page: Open):
    page = open_page("/", "ug").page
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    panel = page.locator(".hall-panel").bounding_box()
    side = page.locator(".side").bounding_box()
    assert panel is not None
    assert side is not None
    assert side["x"] < panel["x"]
    first, last = page.locator("#chute-K01").bounding_box(), page.locator("#chute-K20").bounding_box()
    assert first is not None
    assert last is not None
    assert first["x"] < last["x"]
    expect(page.locator(".draft")).to_contain_text("دەسلەپكى نۇسخا")


def test_search_narrows_while_one_types_and_enter_opens_the_parcel(open_page: Open, screenshots: Path):
    watched = open_page("/parcels")
    page = watched.page
    assert page.locator(".parcels tbody tr").count() == 50
    page.keyboard.type(waybill(5)[:-1])  # the field has the focus
    expect(page.locator(".parcels tbody tr").first).to_contain_text(waybill(5)[:-1])
    until(lambda: page.locator(".parcels tbody tr").count() <= 10)
    page.screenshot(path=screenshots / "parcels-en.png")
    page.keyboard.type(waybill(5)[-1])
    page.keyboard.press("Enter")
    page.wait_for_url("**" + PARCEL)
    expect(page.locator("h1")).to_have_text(waybill(5))
    assert is_quiet(watched), watched


@pytest.mark.parametrize("language", ["en", "zh", "ug"])
def test_a_lifeline_shows_the_picture_with_what_was_read_on_it(open_page: Open, screenshots: Path, language: str):
    watched = open_page(PARCEL, language)
    page = watched.page
    page.wait_for_selector(".overlay.is-fitted")
    image, overlay = page.locator(".picture img").bounding_box(), page.locator(".overlay").bounding_box()
    assert image is not None
    assert overlay is not None
    assert abs(image["width"] - overlay["width"]) <= 2
    assert page.locator(".overlay").get_attribute("viewBox") == "0 0 640 480"
    assert page.locator(".overlay polygon").count() == 3
    page.screenshot(path=screenshots / f"parcel-{language}.png", full_page=True)
    page.locator("#overlay").uncheck()
    expect(page.locator(".overlay")).to_be_hidden()
    assert is_quiet(watched), watched


def test_a_lifeline_grows_while_its_parcel_is_on_the_way(open_page: Open, live_hub: LiveHub):
    page = open_page("/parcels").page
    page.locator(".parcels tbody tr a").first.click()
    page.wait_for_selector(".life")
    before = page.locator(".life").count()
    until(lambda: page.locator(".life").count() > before)


def test_every_control_of_the_hall_is_reached_by_keyboard_with_a_visible_focus(open_page: Open):
    page = open_page("/").page
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            "(() => { const e = document.activeElement; const s = getComputedStyle(e);"
            " if (e === document.body) return null;"
            " return [e.getAttribute('href') || e.className, s.outlineStyle, parseFloat(s.outlineWidth)] })()"
        )
        if seen:
            assert seen[1] == "solid", seen
            assert seen[2] >= 2, seen
            reached.add(seen[0])
    assert {"#main", "/parcels", "/api", "/?view=table", "drawing"} <= reached


def test_all_alarms_open_by_keyboard_and_stay_open_when_a_new_one_comes(open_page: Open, tmp_path: Path):
    with served(tmp_path) as hub:
        for number in range(6):
            hub.store.append(AlarmRaised("plan.rejected", f"day-{number}.csv", 2, "line 3: no such area"), utc_now())
        page = open_page("/", url=hub.url).page
        page.wait_for_selector("#more-alarms summary")
        page.locator("#more-alarms summary").focus()
        page.keyboard.press("Enter")
        shown = page.locator("#more-alarms .alarm:visible")
        until(lambda: shown.count() > 2)
        before = shown.count()
        hub.store.append(AlarmRaised("plan.rejected", "day-new.csv", 2, "line 4: no such area"), utc_now())
        until(lambda: shown.count() == before + 1)
        assert page.evaluate("document.activeElement.localName") == "summary"
        assert page.evaluate("document.documentElement.scrollHeight") == 720
        assert violations(page) == []


def test_a_page_whose_hub_is_gone_keeps_its_data_frozen_and_says_since_when(
    open_page: Open, tmp_path: Path, screenshots: Path
):
    with served(tmp_path) as hub:
        page = open_page("/", url=hub.url).page
        page.wait_for_selector(".carriers a")
        page.wait_for_timeout(600)
    expect(page.locator(".lost")).to_contain_text("Connection lost", timeout=15_000)
    expect(page.locator(".lost bdi, .lost")).to_contain_text(re.compile(r"\d\d:\d\d:\d\d"))
    assert page.locator("body.is-lost").count() == 1
    assert page.locator(".ticker li").count() > 0
    page.screenshot(path=screenshots / "hall-lost.png")


def test_a_control_process_that_does_not_answer_is_said_and_figures_are_struck(open_page: Open, live_hub: LiveHub):
    page = open_page("/").page
    live_hub.control.up = False
    try:
        expect(page.locator(".top-link")).to_contain_text("does not answer", timeout=10_000)
        expect(page.locator(".value.is-stale").first).to_be_visible(timeout=5_000)
        expect(page.locator(".age").first).to_contain_text("as of")
    finally:
        live_hub.control.up = True
    expect(page.locator(".top-link")).to_contain_text("Sorter connected", timeout=10_000)


LEADING_PX = 2.5
"""A text's box is higher than its letters by this much on either side."""

TOO_WIDE = """() => {
    const cards = ".figure, .panel, .top, .draft, .simulation, .facts, .life, .link";
    const wide = [...document.querySelectorAll(cards)].filter((each) => each.scrollWidth > each.clientWidth);
    const inside = [...document.querySelectorAll(".top *, .figure *, .side *, .parcels *, .facts *, .life *")];
    const cut = inside.filter((each) => {
        const { left, right, width } = each.getBoundingClientRect();
        return width > 1 && !each.closest("thead, .hidden-heading") && (left < -0.5 || right > innerWidth + 0.5);
    });
    return [...wide, ...cut].map((each) => each.outerHTML.slice(0, 120));
}"""


def fits(page: Page) -> bool:
    """Tell whether nothing leaves the screen or its card; what does is printed."""
    wide = page.evaluate("document.documentElement.scrollWidth") - page.evaluate("innerWidth")
    too_wide = page.evaluate(TOO_WIDE)
    if wide > 0 or too_wide:
        print(wide, *too_wide, sep="\n")
    return wide <= 0 and not too_wide


@pytest.mark.parametrize("language", ["en", "zh", "ug"])
def test_on_a_phone_nothing_leaves_the_screen_or_its_card(open_page: Open, screenshots: Path, language: str):
    for path, name in (("/", "hall"), ("/?view=table", "table"), (PARCEL, "parcel"), ("/parcels", "parcels")):
        page = open_page(path, language, (390, 844)).page
        page.wait_for_timeout(500)
        assert fits(page), path
        page.screenshot(path=screenshots / f"phone-{name}-{language}.png", full_page=True)


@pytest.mark.parametrize("language", ["en", "zh", "ug"])
def test_a_phone_and_a_tablet_show_the_whole_line_of_what_is_wrong(
    open_page: Open, tmp_path: Path, screenshots: Path, language: str
):
    with served(tmp_path) as hub:
        hub.store.append(SorterDisconnected("127.0.0.1:50412", "closed by the peer"), utc_now())
        for width in (390, 1000):
            page = open_page("/", language, (width, 844), hub.url).page
            expect(page.locator(".top-link .link-bad time")).to_be_visible()
            assert fits(page), width
            page.screenshot(path=screenshots / f"link-down-{width}-{language}.png")
        hub.control.up = False
        page = open_page("/", language, (390, 844), hub.url).page
        expect(page.locator(".value.is-stale").first).to_be_visible(timeout=10_000)
        assert fits(page)


def test_a_phone_stacks_a_parcel_s_waybill_state_chute_destination_and_time(open_page: Open):
    page = open_page(f"/parcels?q={waybill(5)}", "en", (390, 844)).page
    row = page.locator(".parcels tbody tr").first
    for cell in ("p-name", "p-state", "p-chute", "p-place", "p-on"):
        expect(row.locator(f".{cell}")).to_be_visible()
    expect(row.locator(".p-laps")).to_be_hidden()


def test_carriers_stand_still_and_are_as_many_as_the_count_when_control_is_silent(
    open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with served(tmp_path) as hub:
        page = open_page("/", url=hub.url).page
        page.wait_for_selector(".carriers a")
        monkeypatch.setattr(hub.store, "append", lambda *_: None)  # a silent control process stores nothing
        hub.control.up = False
        expect(page.locator(".middle-number.is-stale")).to_be_visible(timeout=10_000)
        page.wait_for_timeout(1_000)  # what is eased away has been
        places = "[...document.querySelectorAll('.carriers a')].map((each) => each.getAttribute('transform')).sort()"
        count = "Number(document.querySelector('.middle-number .number').textContent)"
        before = page.evaluate(places)
        assert len(before) == page.evaluate(count) > 0
        page.wait_for_timeout(2_500)
        assert page.evaluate(places) == before


@pytest.mark.parametrize("language", ["en", "zh", "ug"])
def test_neither_sign_nor_state_covers_a_chute_s_name_and_its_tooltip_tells_all_of_it(
    open_page: Open, tmp_path: Path, screenshots: Path, language: str
):
    with served(tmp_path, goes_on=False) as hub:
        names = {"K01": "恰萨·亚瓦格", "K17": "塔什库尔干县", "K02": "古城西", "K22": "疆内其他"}
        for chute in names:
            hub.store.append(ChuteChanged(ChuteId(chute), "full", 100, 0), utc_now())
            hub.store.append(AlarmRaised("chute.full", chute, 3, f"Chute {chute} is full."), utc_now())
        page = open_page("/", language, url=hub.url).page
        for chute, whole in names.items():
            page.wait_for_selector(f"#chute-{chute} .sign")
            boxes = [
                page.locator(f"#chute-{chute} {part}").bounding_box() for part in (".name", ".sign > path", ".state")
            ]
            assert all(boxes)
            for one, other in itertools.combinations(boxes, 2):
                assert one is not None
                assert other is not None
                assert any(
                    min(one[at] + one[size], other[at] + other[size]) - max(one[at], other[at]) <= LEADING_PX
                    for at, size in (("x", "width"), ("y", "height"))
                ), (chute, boxes)
            if language == "zh":
                assert whole in (page.locator(f"#chute-{chute} > title").text_content() or "")
        page.screenshot(path=screenshots / f"signs-{language}.png")


def test_the_language_is_chosen_on_the_page_and_kept(open_page: Open):
    page = open_page("/parcels", "en").page
    page.locator(".languages a", has_text="简体中文").click()
    page.wait_for_url("**/parcels")
    expect(page.locator("h1")).to_have_text("包裹")
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
