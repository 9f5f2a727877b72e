from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.domain.errors import BadConfig
from karez.settings import WebSection
from karez.web.access import SESSION_COOKIE, SESSION_S, Sessions, check_settings, is_loopback, local_path
from web.conftest import Hub, open_hub
from web.fake_day import PICTURE, PICTURE_ID

TOKEN = "a-token-of-enough-length"
PATHS = ["/", "/parcels", "/parcels/p000001", f"/pictures/{PICTURE_ID}", "/api/events", "/stream", "/live/hall", "/api"]


def test_beyond_loopback_a_hub_without_a_token_does_not_start_and_names_the_field(tmp_path: Path):
    with pytest.raises(BadConfig, match=r"web\.token"):
        open_hub(tmp_path, WebSection(host="0.0.0.0"))
    check_settings(WebSection(host="0.0.0.0", token=TOKEN))
    check_settings(WebSection(host="::1"))


@pytest.mark.parametrize("path", PATHS)
def test_with_a_token_nothing_is_shown_to_a_stranger(tmp_path: Path, path: str):
    with open_hub(tmp_path, WebSection(host="0.0.0.0", token=TOKEN)) as client:
        assert client.get(path).status_code == 401
        assert client.get(path, headers={"Authorization": "Bearer wrong"}).status_code == 401
        page = client.get(path, headers={"Accept": "text/html"}, follow_redirects=False)
        assert page.status_code == 303
        assert page.headers["location"].startswith("/sign-in")


def test_a_machine_comes_in_with_its_token(tmp_path: Path):
    with open_hub(tmp_path, WebSection(host="0.0.0.0", token=TOKEN)) as client:
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        assert client.get("/api/events", headers=bearer).status_code == 200
        assert client.post("/api/frames?camera=C1", content=PICTURE, headers=bearer).status_code == 202
        assert client.post("/api/frames?camera=C1", content=PICTURE).status_code == 401


def test_a_person_signs_in_by_the_form_and_out_again(tmp_path: Path):
    with open_hub(tmp_path, WebSection(host="0.0.0.0", token=TOKEN, language="en")) as client:
        wrong = client.post("/sign-in", data={"token": "not-the-token-of-it"})
        assert wrong.status_code == 403
        right = client.post("/sign-in", data={"token": TOKEN, "next": "/parcels"}, follow_redirects=False)
        assert right.headers["location"] == "/parcels"
        cookie = right.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert TOKEN not in cookie
        assert "Sign out" in client.get("/").text
        client.post("/sign-out")
        assert client.get("/").status_code == 401


def test_a_session_ends_by_time_by_a_new_token_and_by_any_change():
    now = [1000.0]
    sessions = Sessions(TOKEN, lambda: now[0])
    cookie = sessions.issue()
    assert sessions.accepts(cookie)
    assert not Sessions(TOKEN + "x", lambda: now[0]).accepts(cookie)
    assert not sessions.accepts("9" + cookie)
    assert not sessions.accepts("")
    now[0] += SESSION_S + 1
    assert not sessions.accepts(cookie)


@given(st.text(max_size=80))
def test_no_made_up_cookie_is_a_session(cookie: str):
    assert not Sessions(TOKEN).accepts(cookie)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8410", "127.0.0.1.evil.example", "10.0.0.7", ""])
def test_a_rebound_name_does_not_reach_a_hub_on_loopback(hub: Hub, host: str):
    assert hub.client.get("/", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost:8410", "127.0.0.1", "[::1]:8410"])
def test_every_name_of_loopback_does(hub: Hub, host: str):
    assert hub.client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_another_site_cannot_hand_in_pictures_through_a_reader_s_browser(hub: Hub, headers: dict[str, str]):
    assert hub.client.post("/api/frames?camera=C1", content=PICTURE, headers=headers).status_code == 403
    assert hub.control.frames == []


@pytest.mark.parametrize("path", ["/", "/parcels", "/healthz", "/static/karez.css", "/nowhere"])
def test_every_answer_carries_the_security_headers(hub: Hub, path: str):
    headers = hub.client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:x", "", "/\n/x"]
)
def test_a_redirect_never_leads_off_this_hub(hub: Hub, target: str):
    assert local_path(target) == "/"
    answer = hub.client.get("/preferences", params={"language": "zh", "next": target}, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_loopback_is_told_from_everything_else():
    assert all(is_loopback(host) for host in ("127.0.0.1", "127.8.8.8", "::1", "localhost"))
    assert not any(is_loopback(host) for host in ("0.0.0.0", "::", "192.168.1.5", "hub.local", ""))


def test_a_token_of_other_letters_is_refused_and_not_an_error(tmp_path: Path):
    with open_hub(tmp_path, WebSection(host="0.0.0.0", token=TOKEN)) as client:
        assert client.post("/sign-in", data={"token": "钥匙"}).status_code == 403
        cookies = {"Cookie": f"{SESSION_COOKIE}=\xe9.\xe9.\xe9".encode("latin-1")}
        assert client.get("/", headers=cookies).status_code == 401
