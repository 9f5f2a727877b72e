"""The telegrams' fields in the order of their records, and back, held to what each field may say."""

from collections.abc import Callable, Sequence
from typing import Any

from karez.domain.ids import ChuteId, OrderId, ParcelId
from karez.domain.sorting import ChuteState
from karez.domain.telegrams import Dest, Divert, DivertOutcome, Induct, Scan, State, Subject, Telegram
from karez.sorter.plc.mailbox.layout import (
    CHUTE_BYTES,
    CODE_BYTES,
    MAX_ALTERNATIVES,
    MAX_CODES,
    NAME_BYTES,
    NO_U16,
    NO_U32,
    ORDER_BYTES,
    PARCEL_BYTES,
    REASON_BYTES,
)
from karez.sorter.plc.mailbox.records import Value, packed_text, unpacked_text

TYPE_OF: dict[type[Telegram], int] = {Induct: 1, Scan: 2, Divert: 3, State: 4, Dest: 5}
"""Type number of each kind of telegram that has a slot."""

OUTCOMES = dict(enumerate(DivertOutcome, start=1))
STATES: dict[int, tuple[Subject, str]] = {
    1: (Subject.CHUTE, ChuteState.OPEN),
    2: (Subject.CHUTE, ChuteState.FULL),
    3: (Subject.CHUTE, ChuteState.CLOSED),
    4: (Subject.CHUTE, ChuteState.BAG_CHANGE),
    11: (Subject.INDUCTION, "on"),
    12: (Subject.INDUCTION, "off"),
    21: (Subject.SORTER, "running"),
    22: (Subject.SORTER, "stopped"),
}
"""Numbers of the states that a STATE telegram may tell. A number, once given, keeps its meaning."""

_OUTCOME_NUMBERS = {outcome: number for number, outcome in OUTCOMES.items()}
_STATE_NUMBERS = {state: number for number, state in STATES.items()}


def body_of(telegram: Any) -> Sequence[Value]:
    """Values of a telegram's record. Raises `ValueError` naming what does not fit."""
    return _WRITERS[TYPE_OF[type(telegram)]](telegram)


def telegram_of(kind: int, values: Sequence[Any]) -> Telegram:
    """Telegram of a record's values. Raises `ValueError` saying what it cannot mean."""
    return _READERS[kind](values)


def _named(text: str, size_bytes: int) -> bytes:
    if not text:
        raise ValueError("a name is empty")
    return packed_text(text, size_bytes)


def _name(raw: bytes) -> str:
    text = unpacked_text(raw)
    if not text:
        raise ValueError("a name is empty")
    return text


def _or_none(value: int | None, none: int) -> int:
    if value is not None and not 0 <= value < none:
        raise ValueError(f"{value} is not within 0 to {none - 1}")
    return none if value is None else value


def _read_or_none(value: int, none: int) -> int | None:
    return None if value == none else value


def _write_induct(it: Induct) -> Sequence[Value]:
    return (_named(it.parcel, PARCEL_BYTES), it.carrier, _named(it.induction, NAME_BYTES), it.ts_ms)


def _read_induct(values: Sequence[Any]) -> Induct:
    parcel, carrier, induction, ts_ms = values
    return Induct(ParcelId(_name(parcel)), carrier, _name(induction), ts_ms)


def _write_scan(it: Scan) -> Sequence[Value]:
    if len(it.codes) > MAX_CODES:
        raise ValueError(f"{len(it.codes)} codes; {MAX_CODES} have room")
    codes = [packed_text(code, CODE_BYTES) for code in it.codes]
    return (
        _named(it.parcel, PARCEL_BYTES),
        it.carrier,
        it.lap,
        it.ts_ms,
        _or_none(it.mass_g, NO_U32),
        *(_or_none(each, NO_U16) for each in (it.length_mm, it.width_mm, it.height_mm)),
        len(codes),
        *(codes + [b""] * (MAX_CODES - len(codes))),
    )


def _read_scan(values: Sequence[Any]) -> Scan:
    parcel, carrier, lap, ts_ms, mass_g, *rest = values
    count, codes = rest[3], rest[4:]
    if count > MAX_CODES:
        raise ValueError(f"{count} codes; {MAX_CODES} have room")
    return Scan(
        ParcelId(_name(parcel)),
        carrier,
        lap,
        ts_ms,
        tuple(unpacked_text(code) for code in codes[:count]),
        _read_or_none(mass_g, NO_U32),
        *(_read_or_none(each, NO_U16) for each in rest[:3]),
    )


def _write_divert(it: Divert) -> Sequence[Value]:
    return (
        _named(it.parcel, PARCEL_BYTES),
        it.carrier,
        _OUTCOME_NUMBERS[it.outcome],
        it.ts_ms,
        b"" if it.chute is None else _named(it.chute, CHUTE_BYTES),
        b"" if it.order is None else _named(it.order, ORDER_BYTES),
    )


def _read_divert(values: Sequence[Any]) -> Divert:
    parcel, carrier, outcome, ts_ms, chute, order = values
    if outcome not in OUTCOMES:
        raise ValueError(f"outcome {outcome} is unknown")
    return Divert(
        ParcelId(_name(parcel)),
        carrier,
        OUTCOMES[outcome],
        ts_ms,
        ChuteId(unpacked_text(chute)) or None,
        OrderId(unpacked_text(order)) or None,
    )


def _write_state(it: State) -> Sequence[Value]:
    number = _STATE_NUMBERS.get((it.subject, it.state))
    if number is None:
        raise ValueError(f"state {it.state!r} is none of {it.subject}")
    return (number, _named(it.name, NAME_BYTES), it.ts_ms, _or_none(it.value, NO_U32))


def _read_state(values: Sequence[Any]) -> State:
    number, name, ts_ms, value = values
    if number not in STATES:
        raise ValueError(f"state {number} is unknown")
    subject, state = STATES[number]
    return State(subject, _name(name), str(state), ts_ms, _read_or_none(value, NO_U32))


def _write_dest(it: Dest) -> Sequence[Value]:
    if len(it.alternatives) > MAX_ALTERNATIVES:
        raise ValueError(f"{len(it.alternatives)} alternatives; {MAX_ALTERNATIVES} have room")
    others = [_named(chute, CHUTE_BYTES) for chute in it.alternatives]
    return (
        _named(it.order, ORDER_BYTES),
        _named(it.parcel, PARCEL_BYTES),
        b"" if it.chute is None else _named(it.chute, CHUTE_BYTES),
        *(others + [b""] * (MAX_ALTERNATIVES - len(others))),
        _or_none(it.valid_for_ms, NO_U32),
        packed_text(it.reason, REASON_BYTES),
    )


def _read_dest(values: Sequence[Any]) -> Dest:
    order, parcel, chute, *others, valid_for_ms, reason = values
    named = [unpacked_text(each) for each in others]
    return Dest(
        OrderId(_name(order)),
        ParcelId(_name(parcel)),
        ChuteId(unpacked_text(chute)) or None,
        tuple(ChuteId(name) for name in named if name),
        unpacked_text(reason),
        _read_or_none(valid_for_ms, NO_U32),
    )


_WRITERS: dict[int, Callable[[Any], Sequence[Value]]] = {
    1: _write_induct,
    2: _write_scan,
    3: _write_divert,
    4: _write_state,
    5: _write_dest,
}
_READERS: dict[int, Callable[[Sequence[Any]], Telegram]] = {
    1: _read_induct,
    2: _read_scan,
    3: _read_divert,
    4: _read_state,
    5: _read_dest,
}
