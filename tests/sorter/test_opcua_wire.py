"""Telegrams survive both forms of the OPC UA address space, and nothing else gets through."""

import struct
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from asyncua import ua
from asyncua.common.utils import Buffer
from asyncua.ua.ua_binary import variant_from_binary
from hypothesis import assume, given
from hypothesis import strategies as st

from karez.domain.errors import BadTelegram
from karez.domain.telegrams import Dest, Heartbeat, State, Telegram
from karez.sorter.plc.opcua import space, wire
from karez.sorter.plc.opcua.bounds import set_bounds
from karez.sorter.plc.opcua.options import OpcUaOptions
from karez.sorter.plc.tcp.wire import Line, Unreadable
from sorter.telegrams import telegrams

NUMBERED = telegrams.filter(lambda each: not isinstance(each, Heartbeat))


def says_minus_one(telegram: Telegram) -> bool:
    """−1 and the empty text are how the tags say "none"."""
    names = ("mass_g", "length_mm", "width_mm", "height_mm", "value", "valid_for_ms")
    return any(getattr(telegram, name, None) == -1 for name in names)


def as_tags(number: int, telegram: Telegram, fields: tuple[space.Field, ...]) -> list[object]:
    """Values of a slot that another telegram was in before."""
    stale = [["old"] if each.many else "old" if each.kind is space.TEXT else 4711 for each in fields]
    values = dict(zip((each.tag for each in fields), stale, strict=True)) | {
        tag: each.Value for tag, each in wire.slot_values(number, telegram).items()
    }
    return [values["Number"], values["Type"], *(values[each.tag] for each in fields)]


@given(NUMBERED, st.integers(1, 2**53 - 1))
def test_a_slots_text_is_understood_as_it_was_meant(telegram: Telegram, number: int) -> None:
    assert wire.line_of_text(wire.slot_text("plc-1", number, telegram)) == Line("plc-1", 0, number, telegram)


@given(NUMBERED, st.integers(1, 2**53 - 1))
def test_a_slots_tags_are_understood_as_they_were_meant_whatever_was_in_them(telegram: Telegram, number: int) -> None:
    assume(not says_minus_one(telegram))
    fields = space.HUB_SLOT if isinstance(telegram, Dest) else space.PLC_SLOT
    line = wire.line_of_slot("plc-1", fields, as_tags(number, telegram, fields))
    assert line == Line("plc-1", 0, number, telegram)


@given(NUMBERED.filter(lambda each: isinstance(each, Dest | State)), st.integers(1, 2**53 - 1))
def test_a_methods_arguments_are_understood_as_they_were_meant(telegram: Dest | State, number: int) -> None:
    assume(not says_minus_one(telegram))
    kind = "DEST" if isinstance(telegram, Dest) else "STATE"
    arguments = [each.Value for each in wire.arguments_of("hub-1", number, telegram)]
    assert wire.line_of_arguments(kind, arguments) == Line("hub-1", 0, number, telegram)


def test_an_empty_slot_is_nothing() -> None:
    assert wire.line_of_text("") is None and wire.line_of_text(None) is None
    empty = [0, "", *([] if each.many else "" if each.kind is space.TEXT else 0 for each in space.PLC_SLOT)]
    assert wire.line_of_slot("plc-1", space.PLC_SLOT, empty) is None


def test_a_field_that_cannot_be_understood_spends_its_number_only() -> None:
    for at, bad in ((2, 7), (3, "seven"), (3, True), (3, 2**60), (5, 1.5), (2, b"p1")):
        values = as_tags(9, State("chute", "K01", "full", 1), space.PLC_SLOT)
        values[1] = "INDUCT"
        values[at] = bad
        line = wire.line_of_slot("plc-1", space.PLC_SLOT, values)
        assert line is not None and line.seq == 9 and isinstance(line.body, Unreadable)


def test_a_session_whose_name_no_store_can_keep_is_refused() -> None:
    assert wire.name("plc-1") == "plc-1"
    with pytest.raises(BadTelegram):
        wire.name("plc\0")


def test_a_value_that_the_server_calls_bad_is_no_value() -> None:
    bad = ua.DataValue(ua.Variant(1, ua.VariantType.Int64), StatusCode=ua.StatusCode(ua.StatusCodes.BadDeviceFailure))
    for data in (bad, None):
        with pytest.raises(BadTelegram):
            wire.plain(data)


def test_node_ids_follow_the_plcs_own_naming() -> None:
    plain = space.Names(OpcUaOptions(), 2)
    assert plain.id("Plc.Slot[3].Number").to_string() == "ns=2;s=Karez.Plc.Slot[3].Number"
    quoted = space.Names(OpcUaOptions(prefix='"Karez".', quoted=True), 3)
    assert quoted.id("Plc.Slot[3].Number").to_string() == 'ns=3;s="Karez"."Plc"."Slot"[3]."Number"'


def test_the_page_for_plc_programmers_names_every_tag_and_option() -> None:
    page = Path("docs/how-to/opcua.md").read_text(encoding="utf-8")
    spelled = {space.WHOLE: "Int64", space.TEXT: "String"}
    tags = {**space.PLC_TAGS, **space.HUB_TAGS}
    rows = [f"| `{path}` | {spelled[kind]} |" for path, kind in tags.items()]
    for side, fields in (("Plc", space.PLC_SLOT), ("Hub", space.HUB_SLOT)):
        rows += [f"| `{side}.Slot[i].{each.tag}` | {spelled[each.kind]}{'[]' * each.many} |" for each in fields]
    for kind, method in space.METHODS.items():
        head = ", ".join(f"`{name}` {spelled[of]}" for name, of in space.METHOD_HEAD)
        rest = ", ".join(f"`{each.tag}` {spelled[each.kind]}{'[]' * each.many}" for each in space.FIELDS_OF[kind])
        rows.append(f"| `{method}` | method | {head}, {rest} → `Taken` Int64 |")
    rows += [f"| {each.description} |" for each in OpcUaOptions.model_fields.values()]
    assert [row for row in rows if row not in page] == []


@pytest.mark.parametrize("count", [1, 2**31 - 1])
@pytest.mark.parametrize("encoding", [0x80, 0xC0])
def test_five_bytes_that_ask_for_an_array_of_nothing_are_refused_at_once(encoding: int, count: int) -> None:
    set_bounds()
    with pytest.raises(ua.UaError, match="array of null values"):
        variant_from_binary(Buffer(bytes([encoding]) + struct.pack("<i", count) + bytes(40)))


# ---- anything else ---------------------------------------------------------------------------------------------------

ANYTHING: list[Callable[[Random], object]] = [
    lambda r: None,
    lambda r: r.choice([True, False, -1, 0, 1, 2**31, 2**53, 2**63, -(2**63)]),
    lambda r: r.randint(-(2**64), 2**64),
    lambda r: r.choice([0.0, -1.5, float("nan"), float("inf")]),
    lambda r: r.randbytes(r.randint(0, 40)),
    lambda r: "".join(chr(r.randint(0, 0x10FFFF)) for _ in range(r.randint(0, 20))),
    lambda r: "\ud800" * r.randint(1, 3),
    lambda r: "x" * r.choice([199, 200, 201, 70_000]),
    lambda r: [r.choice(["K02", "", 7, None, b"x"]) for _ in range(r.choice([0, 1, 32, 33, 500]))],
    lambda r: ua.NodeId(r.randint(0, 99)),
    lambda r: r.choice(["INDUCT", "SCAN", "DIVERT", "STATE", "DEST", "HELLO", "ok", "chute", "full", "K01", "p1"]),
]


def anything(chance: Random) -> object:
    return chance.choice(ANYTHING)(chance)


def mutated(chance: Random, values: list[object]) -> list[object]:
    values = list(values)
    for _ in range(chance.randint(1, 3)):
        values[chance.randrange(len(values))] = anything(chance)
    return values


def mutated_text(chance: Random, text: str) -> object:
    raw = bytearray(text.encode())
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(raw))
        raw[at : at + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
    return bytes(raw) if chance.random() < 0.3 else raw.decode(errors="surrogateescape")


def fuzz(count: int) -> tuple[int, int]:
    """Feed this many values through every decoder; how many were understood, and how many refused."""
    chance = Random(5)
    induct = as_tags(9, State("chute", "K01", "full", 1), space.PLC_SLOT)
    order = [each.Value for each in wire.arguments_of("hub-1", 1, Dest("o1", "p1", "K01", ("K02",), "plan", 5))]
    text = wire.slot_text("plc-1", 7, State("chute", "K01", "full", 1))
    tries: list[Callable[[], object]] = [
        lambda: wire.line_of_slot("plc-1", space.PLC_SLOT, mutated(chance, induct)),
        lambda: wire.line_of_slot("hub-1", space.HUB_SLOT, [anything(chance) for _ in range(2 + len(space.HUB_SLOT))]),
        lambda: wire.line_of_arguments("DEST", mutated(chance, order)),
        lambda: wire.line_of_arguments("STATE", [anything(chance) for _ in range(chance.randint(0, 9))]),
        lambda: wire.line_of_text(mutated_text(chance, text)),
        lambda: wire.line_of_text(anything(chance)),
        lambda: wire.whole(wire.plain(ua.DataValue(chance.choice([None, ua.Variant(1), ua.Variant("x")])))),
        lambda: wire.text(anything(chance)),
    ]
    understood = refused = 0
    for n in range(count):
        try:
            got = tries[n % len(tries)]()
        except BadTelegram:
            refused += 1
            continue
        understood += 1
        assert got is None or isinstance(got, int | str) or (isinstance(got, Line) and got.seq is not None)
    return understood, refused


def test_random_and_mutated_values_are_understood_or_refused_and_nothing_else() -> None:
    understood, refused = fuzz(2_000)
    assert understood > 200 and refused > 200


@pytest.mark.soak
def test_a_million_random_and_mutated_values_are_understood_or_refused_and_nothing_else() -> None:
    understood, refused = fuzz(1_000_000)
    assert understood + refused == 1_000_000
