"""Who may speak to the hub: the list of allowed peers, and certificates on both sides where the driver has TLS."""

import asyncio
import gc
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates import Authority
from driver_suite import SUITE, Ends, Entry, induct, order, start_plc, start_twin
from karez.domain.errors import BadConfig
from karez.settings import SorterSection
from karez.sorter.plc.access import AllowList
from karez.sorter.plc.drivers import open_plc
from karez.sorter.plc.protocol import Linked, Rejected

drivers_with_tls = pytest.mark.parametrize(
    "entry", [each for each in SUITE if each.capabilities.tls], ids=lambda each: each.name
)

# ---- the list ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("10.0.8.17", True),
        ("10.0.8.18", False),
        ("10.1.2.3", True),
        ("::ffff:10.1.2.3", True),
        ("::ffff:10.2.2.3", False),
        ("fd00::1", True),
        ("fd01::1", False),
        ("fe80::1%eth0", True),
        ("127.0.0.1", False),
        ("plc.hall", False),
        ("", False),
    ],
)
def test_an_address_is_allowed_by_itself_or_by_its_network(host: str, allowed: bool) -> None:
    listed = AllowList(("10.0.8.17", "10.1.0.5/16", "fd00::/32", "fe80::/10"))
    assert (listed.refusal(host) is None) is allowed


def test_an_empty_list_allows_nobody() -> None:
    assert AllowList(()).refusal("127.0.0.1") is not None


@given(st.ip_addresses())
def test_a_refusal_names_the_address_and_the_setting(address: object) -> None:
    told = AllowList(("192.0.2.1",)).refusal(str(address))
    assert told is None or "sorter.allow" in told


def test_what_is_no_network_is_a_fault_of_the_settings() -> None:
    with pytest.raises(ValueError, match="no address or network"):
        SorterSection(allow=("10.0.0.0/33",))


# ---- certificates ----------------------------------------------------------------------------------------------------


@dataclass
class Hall:
    """Two authorities, the hall's and a stranger's, and what they signed."""

    hub: Mapping[str, Path]
    plc: Mapping[str, Path]
    stranger: Mapping[str, Path]
    elsewhere: Mapping[str, Path]


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Hall:
    folder = tmp_path_factory.mktemp("certificates")
    ours, theirs = Authority(folder, "hall"), Authority(folder, "stranger")
    stranger = {**theirs.issue("mallory"), "tls_ca": ours.file}  # it takes the hub for what it is, but is not known
    return Hall(ours.issue("hub"), ours.issue("plc"), stranger, ours.issue("elsewhere", "192.0.2.1"))


def with_files(settings: SorterSection, files: Mapping[str, Path | None]) -> SorterSection:
    return settings.model_copy(update=dict(files))


NO_TLS = {"tls_cert": None, "tls_key": None, "tls_ca": None}


@asynccontextmanager
async def hub_with(entry: Entry, files: Mapping[str, Path]) -> AsyncIterator[Ends]:
    settings = with_files(entry.settings("server", 0), files)
    plc = await start_plc(settings)
    it = Ends(plc, None, settings)
    reading = asyncio.create_task(it.read())
    try:
        yield it
    finally:
        await plc.stop()
        await reading


@drivers_with_tls
@pytest.mark.parametrize("hub_role", ["server", "client"])
async def test_with_certificates_on_both_sides_the_link_stands(entry: Entry, hub_role: str, hall: Hall) -> None:
    settings = entry.settings(hub_role, 0)
    ours, theirs = with_files(settings, hall.hub), with_files(settings, hall.plc)
    if hub_role == "server":
        plc = await start_plc(ours)
        twin = await start_twin(theirs, plc.port)
    else:
        twin = await start_twin(theirs, 0)
        plc = await start_plc(ours.model_copy(update={"port": twin.port}))
    pair = Ends(plc, twin, settings)
    reading = asyncio.create_task(pair.read())
    twin.send(induct(1))
    await pair.until(lambda: pair.telegrams == [induct(1)])
    plc.order(order(1))
    async with asyncio.timeout(20):
        await twin.receive()
    assert not pair.events(Rejected)
    await twin.stop()
    await plc.stop()
    await reading


@drivers_with_tls
async def test_a_peer_with_a_certificate_of_another_authority_is_refused_and_reported(entry: Entry, hall: Hall) -> None:
    async with hub_with(entry, hall.hub) as it:
        twin = await start_twin(with_files(it.settings, hall.stranger), it.plc.port)
        twin.send(induct(1))
        await it.until(lambda: bool(it.events(Rejected)))
        assert "certificate was refused" in it.events(Rejected)[0].reason
        await twin.stop()
        assert not it.telegrams and not it.events(Linked)


@drivers_with_tls
async def test_a_peer_that_speaks_in_the_open_to_a_tls_port_is_refused_and_reported(entry: Entry, hall: Hall) -> None:
    async with hub_with(entry, hall.hub) as it:
        twin = await start_twin(with_files(it.settings, NO_TLS), it.plc.port)
        twin.send(induct(1))
        await it.until(lambda: bool(it.events(Rejected)))
        assert "no TLS link" in it.events(Rejected)[0].reason
        await twin.stop()
        assert not it.telegrams and not it.events(Linked)


@drivers_with_tls
async def test_a_peer_that_shows_no_certificate_is_refused_and_reported(entry: Entry, hall: Hall) -> None:
    async with hub_with(entry, hall.hub) as it:
        bare = ssl.create_default_context(cafile=str(hall.hub["tls_ca"]))
        reader, writer = await asyncio.open_connection("127.0.0.1", it.plc.port, ssl=bare)
        with suppress(ConnectionError):  # TLS 1.3 tells the caller only by hanging up, or by a reset
            assert await reader.read() == b""
        writer.close()
        await it.until(lambda: bool(it.events(Rejected)))
        assert "no TLS link: peer did not return a certificate" in it.events(Rejected)[0].reason
        assert not it.events(Linked)


@drivers_with_tls
async def test_a_hub_that_calls_does_not_speak_to_a_server_it_cannot_trust(entry: Entry, hall: Hall) -> None:
    settings = entry.settings("client", 0)
    for files in (hall.stranger, hall.elsewhere):  # of another authority; of ours, but for another address
        twin = await start_twin(with_files(settings, files), 0)
        plc = await start_plc(with_files(settings, hall.hub).model_copy(update={"port": twin.port}))
        it = Ends(plc, twin, settings)
        reading = asyncio.create_task(it.read())
        await it.until(lambda it=it: bool(it.events(Rejected)))
        assert "certificate was refused" in it.events(Rejected)[0].reason
        assert not it.events(Linked) and not twin.linked
        await plc.stop()
        await twin.stop()
        await reading


@drivers_with_tls
def test_files_that_are_missing_or_cannot_be_used_are_named(entry: Entry, hall: Hall, tmp_path: Path) -> None:
    settings = entry.settings("server", 0)
    bad = tmp_path / "bad.pem"
    bad.write_text("no certificate", "utf-8")
    for update, field in (
        ({"tls_cert": hall.hub["tls_cert"], "tls_key": hall.hub["tls_key"]}, "tls_ca"),
        ({**hall.hub, "tls_cert": bad}, "tls_cert"),
        ({**hall.hub, "tls_key": hall.plc["tls_key"]}, "tls_cert"),
        ({**hall.hub, "tls_ca": bad}, "tls_ca"),
        ({**hall.hub, "tls_ca": tmp_path / "none.pem"}, "tls_ca"),
    ):
        with pytest.raises(BadConfig, match=rf"sorter\.{field}"):
            open_plc(with_files(settings, update), "hub-1")


@pytest.mark.parametrize("entry", [each for each in SUITE if not each.capabilities.tls], ids=lambda each: each.name)
def test_a_driver_without_tls_says_so_instead_of_leaving_the_link_open(entry: Entry, hall: Hall) -> None:
    role = min(entry.capabilities.roles)
    with pytest.raises(BadConfig, match="has no TLS"):
        open_plc(with_files(entry.settings(role, 0), hall.hub), "hub-1")


@drivers_with_tls
async def test_a_handshake_that_is_never_finished_keeps_neither_the_plc_out_nor_the_hub_from_stopping(
    entry: Entry, hall: Hall
) -> None:
    async with hub_with(entry, hall.hub) as it:
        silent = [await asyncio.open_connection("127.0.0.1", it.plc.port) for _ in range(3)]
        twin = await start_twin(with_files(it.settings, hall.plc), it.plc.port)
        twin.send(induct(1))
        await it.until(lambda: it.telegrams == [induct(1)])
        await twin.stop()
    gc.collect()  # a socket that was forgotten says so, and warnings are errors
    for _, writer in silent:
        writer.close()
