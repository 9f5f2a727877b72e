"""Events to JSON and back; a stored kind that this version does not know is an error that names it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from karez.domain.errors import StoreError
from karez.domain.events import EVENT_TYPES, Event, Recorded
from karez.domain.ids import StreamId

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DECODERS = {key: msgspec.json.Decoder(kind) for key, kind in EVENT_TYPES.items()}
_ENCODER = msgspec.json.Encoder()
encode_json = _ENCODER.encode


def microseconds(at: datetime) -> int:
    """Microseconds since 1970 of an aware time."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def moment(at_us: int) -> datetime:
    """Aware UTC time of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=at_us)


def encode(event: Event) -> str:
    """JSON text of one event's fields."""
    return encode_json(event).decode()


def encode_all(events: Sequence[Event]) -> tuple[bytearray, list[int]]:
    """JSON of many events, one behind the other, and where each ends."""
    data, ends = bytearray(), []
    for event in events:
        _ENCODER.encode_into(event, data, -1)
        ends.append(len(data))
    return data, ends


def decode(kind: str, schema: int, data: str | bytes | bytearray) -> Event:
    """Event of a stored kind and schema number."""
    try:
        decoder = _DECODERS[kind, schema]
    except KeyError:
        raise StoreError(
            f"the store holds an event {kind!r} {schema} that this version does not know: a newer Karez wrote it"
        ) from None
    event: Event = decoder.decode(data)
    return event


def recorded(row: Any) -> Recorded:
    """Event with its place in the store, from a row of the events table."""
    return Recorded(
        position=row.position,
        stream=StreamId(row.stream),
        version=row.version,
        at=moment(row.at_us),
        event=decode(row.kind, row.schema, row.data),
    )
