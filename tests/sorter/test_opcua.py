"""What is special about OPC UA: security, the ring, a PLC whose program stands, and servers that are none."""

import asyncio
import time
from contextlib import suppress
from pathlib import Path

import pytest
from asyncua import ua

from driver_suite import Ends, induct, order, start_plc, start_twin
from karez.domain.errors import BadConfig
from karez.domain.telegrams import Induct
from karez.settings import SorterSection
from karez.sorter.plc.drivers import open_plc
from karez.sorter.plc.opcua import space
from karez.sorter.plc.opcua.driver import OpcUaPlc
from karez.sorter.plc.protocol import Arrived, Linked, Rejected, Unlinked
from sorter.opcua_ends import Garbler, certificate, linked, record, settings, unlinked

both_modes = pytest.mark.parametrize("mode", ["method", "tags"])


def reasons(pair: Ends, kind: type[Rejected] | type[Unlinked] = Rejected) -> list[str]:
    return [each.reason for each in pair.events(kind)]


async def until_told(pair: Ends, words: str, kind: type[Rejected] | type[Unlinked] = Rejected) -> None:
    await pair.until(lambda: any(words in reason for reason in reasons(pair, kind)))


async def talk(pair: Ends, number: int = 1) -> None:
    """Say something in both directions."""
    pair.twin.send(induct(number))
    pair.plc.order(order(number))
    await pair.until(lambda: induct(number) in pair.telegrams and pair.twin.all_acknowledged)
    assert await pair.twin.receive() == order(number)


# ---- security --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("opcua")
    hub, hub_key = certificate(folder, "hub", "urn:karez:hub")
    plc, plc_key = certificate(folder, "plc", "urn:karez:plc")
    return {"certificate": hub, "private_key": hub_key, "server_certificate": plc, "twin_key": plc_key}


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    return certificate(tmp_path_factory.mktemp("stranger"), "stranger", "urn:karez:hub")


@pytest.mark.parametrize(
    ("policy", "security"),
    [
        ("Basic256Sha256", "sign"),
        ("Basic256Sha256", "sign_and_encrypt"),
        ("Aes128Sha256RsaOaep", "sign_and_encrypt"),
        ("Aes256Sha256RsaPss", "sign_and_encrypt"),
    ],
)
async def test_the_link_stands_under_every_policy(certificates: dict[str, str], policy: str, security: str) -> None:
    async with linked(policy=policy, security=security, **certificates) as pair:
        await talk(pair)


async def test_a_server_with_another_certificate_than_the_pinned_one_is_refused_and_reported(
    certificates: dict[str, str], stranger: tuple[str, str]
) -> None:
    foreign = {"server_certificate": stranger[0], "twin_key": stranger[1]}
    async with unlinked(foreign, security="sign_and_encrypt", **certificates) as pair:
        await until_told(pair, "another certificate than the pinned one")
        told = pair.events(Rejected)[0]
        assert isinstance(told, Rejected) and len(told.sha256) == 64 and not pair.plc.linked


async def test_a_hub_whose_certificate_the_plc_does_not_know_is_refused_and_both_say_so(
    certificates: dict[str, str], stranger: tuple[str, str]
) -> None:
    async with unlinked({"certificate": stranger[0]}, security="sign", **certificates) as pair:
        await until_told(pair, "the PLC refuses the hub (BadUserAccessDenied)")
        assert "a client without the hub's certificate" in [each.reason for each in pair.twin.events]
        assert not pair.plc.linked and not pair.twin.linked


async def test_a_hub_without_security_is_not_let_in_by_a_plc_that_asks_for_it(certificates: dict[str, str]) -> None:
    async with unlinked({"security": "sign_and_encrypt", **certificates}) as pair:
        await pair.until(lambda: bool(pair.events(Rejected)))
        assert not pair.plc.linked and not pair.twin.linked


async def test_the_right_password_opens_and_a_wrong_one_is_refused(
    certificates: dict[str, str], tmp_path: Path
) -> None:
    right, wrong = tmp_path / "right", tmp_path / "wrong"
    right.write_text("Karawan-17\n")
    wrong.write_text("sesame\n")
    sign_in = {"security": "sign_and_encrypt", "user": "hub", "password_file": str(right), **certificates}
    async with linked(**sign_in) as pair:
        await talk(pair)
    async with unlinked({"password_file": str(wrong)}, **sign_in) as pair:
        await until_told(pair, "the PLC refuses the hub")
        assert not any("Karawan" in str(each) or "sesame" in str(each) for each in pair.got)


async def test_the_secure_channel_is_renewed_without_the_link_noticing(certificates: dict[str, str]) -> None:
    async with linked(security="sign_and_encrypt", channel_lifetime_s=1, **certificates) as pair:
        for number in range(12):
            await talk(pair, number)
            await asyncio.sleep(0.2)
        assert len(pair.events(Linked)) == 1 and not pair.events(Unlinked)


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"security": "sign"}, "needs certificate, private_key, server_certificate"),
        ({"user": "hub"}, "user and password_file go together"),
        ({"user": "hub", "password_file": "x"}, "a password travels only where"),
        ({"mode": "magic"}, "sorter.options.mode"),
        ({"publishing_ms": 0}, "sorter.options.publishing_ms"),
    ],
)
def test_options_that_do_not_go_together_are_refused(options: dict[str, str | int], fault: str) -> None:
    with pytest.raises(BadConfig, match=fault):
        open_plc(SorterSection(driver="opcua", role="client", options=options), "hub-1")


async def test_a_certificate_that_cannot_be_read_is_a_fault_of_the_settings(
    certificates: dict[str, str], tmp_path: Path
) -> None:
    empty = tmp_path / "empty.pem"
    empty.touch()
    for file in (empty, tmp_path / "missing.pem"):
        plc = OpcUaPlc(settings(security="sign", **{**certificates, "certificate": str(file)}), "hub-1")
        with pytest.raises(BadConfig, match=r"sorter\.options\.certificate"):
            await plc.start()


# ---- the ring --------------------------------------------------------------------------------------------------------


@both_modes
async def test_a_plc_that_has_more_to_say_than_its_ring_holds_waits_for_the_hubs_commits(mode: str) -> None:
    async with linked(mode=mode) as pair:
        pair.commit = False
        for number in range(1, 31):
            pair.twin.send(induct(number))
        await pair.until(lambda: len(pair.telegrams) == 8)
        await asyncio.sleep(0.1)
        assert len(pair.telegrams) == 8
        pair.commit = True
        for each in list(pair.got):
            if isinstance(each, Arrived):
                each.acknowledge()
        await pair.until(lambda: len(pair.telegrams) == 30 and pair.twin.all_acknowledged)
        assert pair.telegrams == [induct(number) for number in range(1, 31)]


@both_modes
async def test_more_orders_than_the_ring_holds_arrive_in_order(mode: str) -> None:
    async with linked(mode=mode) as pair:
        for number in range(1, 51):
            pair.plc.order(order(number))
        assert [await pair.twin.receive() for _ in range(50)] == [order(number) for number in range(1, 51)]
        await pair.until(lambda: pair.plc.unacknowledged == 0)


@both_modes
async def test_orders_that_the_plc_has_no_room_for_wait_and_come_in_order(mode: str) -> None:
    async with linked(mode=mode) as pair:
        pair.twin.full = True
        for number in range(1, 13):
            pair.plc.order(order(number))
        await asyncio.sleep(0.1)
        assert pair.twin.receive_now() is None and pair.plc.unacknowledged == 12
        pair.twin.full = False
        assert [await pair.twin.receive() for _ in range(12)] == [order(number) for number in range(1, 13)]
        assert pair.twin.repeats == 0


@both_modes
async def test_a_slot_that_holds_no_telegram_is_told_and_passed_over_in_the_end(mode: str) -> None:
    async with linked(mode=mode) as pair:
        await talk(pair)
        await pair.twin.halt()
        await damage(pair, mode, slot=1)
        await pair.twin.plc.set(space.PLC_LAST, ua.Variant(2, space.WHOLE))
        await until_told(pair, "telegrams 2 to 2 never came")
        assert len(pair.telegrams) == 1


async def damage(pair: Ends, mode: str, slot: int) -> None:
    """Put something into a slot that is no telegram."""
    if mode == "method":
        await pair.twin.plc.set(space.text_slot(slot), ua.Variant("{'type': 'INDUCT'", space.TEXT))
    else:
        await pair.twin.plc.set(f"Plc.Slot[{slot}].Number", ua.Variant(-7, space.WHOLE))


async def test_a_field_that_cannot_be_understood_does_not_stop_the_line() -> None:
    async with linked(mode="tags") as pair:
        pair.twin.send(Induct("p1", 2**53, "I1", 1))
        pair.twin.send(induct(2))
        await pair.until(lambda: pair.telegrams == [induct(2)] and pair.twin.all_acknowledged)
        assert any("INDUCT" in reason for reason in reasons(pair))


# ---- a PLC that is not as it should be -------------------------------------------------------------------------------


async def test_a_program_that_stands_while_its_server_answers_is_noticed() -> None:
    async with linked() as pair:
        await pair.twin.halt()
        await until_told(pair, "nothing heard for 300 ms: 3 heartbeats missed", Unlinked)
        await until_told(pair, "nothing heard", Unlinked)


async def test_a_program_that_begins_anew_is_met_anew() -> None:
    async with linked() as pair:
        await pair.twin.plc.set(space.PLC_SESSION, ua.Variant("plc-2", space.TEXT))
        await until_told(pair, "the PLC began a new session 'plc-2'", Unlinked)


async def test_a_counter_that_falls_ends_the_link_and_is_told() -> None:
    async with linked() as pair:
        await talk(pair)
        await pair.twin.plc.set(space.PLC_LAST, ua.Variant(0, space.WHOLE))
        await until_told(pair, "the PLC's counter fell from 1 to 0")


async def test_another_hub_takes_the_link_over_and_the_first_says_so() -> None:
    async with linked() as pair:
        other = await start_plc(pair.settings.model_copy(update={"port": pair.plc.port}), "hub-2")
        await until_told(pair, "replaced by another hub, session 'hub-2'", Unlinked)
        await other.stop()


async def test_a_plc_that_names_its_tags_in_its_own_way_is_spoken_to_in_it() -> None:
    names = {"namespace": "http://www.siemens.com/simatic-s7-opcua", "prefix": '"Karez".', "quoted": True}
    async with linked(mode="tags", **names) as pair:
        await talk(pair)


async def test_a_server_without_the_tags_is_reported() -> None:
    async with unlinked({"namespace": "urn:somebody:else"}) as pair:
        await until_told(pair, "the PLC has no namespace 'urn:karez:sorter'")
    async with unlinked({"prefix": "Other."}) as pair:
        await until_told(pair, "no good value: BadNodeIdUnknown")
        assert not pair.plc.linked


async def test_nothing_runs_on_behind_a_stop() -> None:
    async with linked() as pair:
        await talk(pair)
        await pair.twin.cut()
        await pair.until(lambda: not pair.plc.linked)
        await pair.twin.mend()
        await pair.until(lambda: pair.plc.linked)
    await asyncio.sleep(0.05)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_an_answer_that_never_ends_is_cut_off_and_told() -> None:
    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"ACKF\xff\xff\xff\x7f")
        with suppress(OSError):
            while True:
                writer.write(bytes(65_536))
                await writer.drain()

    server = await asyncio.start_server(endless, "127.0.0.1", 0)
    plc = await start_plc(settings(server.sockets[0].getsockname()[1], request_timeout_ms=10_000))
    told = await anext(plc.received())
    assert isinstance(told, Rejected) and told.head_hex and not plc.linked
    await plc.stop()
    server.close()


# ---- servers that are none -------------------------------------------------------------------------------------------


async def honest_answers() -> list[bytes]:
    """What a twin says to a hub that links, hears a telegram, gives an order and goes."""
    twin = await start_twin(settings(), 0)

    async def visit(port: int) -> None:
        plc = await start_plc(settings(port))
        pair = Ends(plc, twin, settings(port))
        reading = asyncio.create_task(pair.read())
        await pair.until(lambda: plc.linked and twin.linked)
        await talk(pair)
        await plc.stop()
        await reading

    answers = await record(twin.port, visit)
    await twin.stop()
    return answers


async def spoil(streams: int, monkeypatch: pytest.MonkeyPatch) -> tuple[list[object], Ends]:
    """Let a hub call a server that is none so many times; what the hub told, and the same hub with an honest PLC."""
    for name in ("_BACKOFF_FIRST_S", "_BACKOFF_MOST_S"):
        monkeypatch.setattr(f"karez.sorter.plc.opcua.driver.{name}", 0.001)
    garbler = Garbler(await honest_answers(), seed=6)
    port = await garbler.start()
    plc = await start_plc(settings(port, request_timeout_ms=100))
    told: list[object] = []

    async def read() -> None:
        async for each in plc.received():
            told.append(each)
            if isinstance(each, Arrived):
                each.acknowledge()

    reading = asyncio.create_task(read())
    while garbler.streams < streams:
        await asyncio.sleep(0.01)
    await garbler.stop()
    # A run of its own: of the recorded one a damaged answer may have told this number, and it would be a repeat.
    twin = await start_twin(settings(port), port, "plc-2")
    twin.send(induct(77))
    async with asyncio.timeout(20):
        while not twin.all_acknowledged:
            await asyncio.sleep(0.01)
    await twin.stop()
    await plc.stop()
    await reading
    return told, Ends(plc, twin, settings(port), told)


def judge(told: list[object]) -> None:
    assert any(isinstance(each, Arrived) and each.telegram == induct(77) for each in told)
    rejected = [each for each in told if isinstance(each, Rejected)]
    assert rejected and all(len(each.head_hex) <= 512 for each in rejected)


async def test_fifty_servers_that_speak_noise_or_damaged_answers_do_not_keep_the_hub_from_an_honest_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told, _ = await spoil(50, monkeypatch)
    judge(told)


@pytest.mark.soak
async def test_a_hundred_thousand_streams_of_noise_and_damaged_answers_do_not_end_the_hub(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    began_s = time.monotonic()
    told, _ = await spoil(100_000, monkeypatch)
    judge(told)
    minutes = 1 + (time.monotonic() - began_s) // 60
    rejected = [each for each in told if isinstance(each, Rejected)]
    assert sum(bool(each.sha256) for each in rejected) <= 20 * minutes
    assert sum(each.count for each in rejected) > 20_000
