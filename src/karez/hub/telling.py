"""What the log says of committed events: links, alarms, and parcels of which something is wrong.

A record about a parcel carries its id as the field ``parcel``. At level debug every event of a parcel is a record.
Events hold no personal data, and so neither does what is said of them here.
"""

import logging
from collections.abc import Callable, Iterable

from karez.domain import events as ev
from karez.eventstore.append import Append
from karez.hub.alarms import AlarmKey

log = logging.getLogger("karez.hub")
_AT_PARCELS = frozenset({AlarmKey.WAYBILL_DUPLICATED.value, AlarmKey.PARCEL_OVERDUE.value})
"""Alarms whose place is a parcel."""

of_parcels = logging.getLogger("karez.parcels")


def tell(append: Append) -> None:
    """Write into the log what a technician looks for there."""
    debugging = of_parcels.isEnabledFor(logging.DEBUG)
    for entry in append.entries:
        if entry.stream == ev.HUB_STREAM:
            _tell_of_hub(entry.events)
            continue
        for event in entry.events:
            odd = _ODD.get(type(event))
            if odd is not None:
                of_parcels.warning("%s", odd(event), extra=_fields(event))
            elif debugging:
                of_parcels.debug("%s", event.kind, extra=_fields(event))


def _fields(event: ev.Event) -> dict[str, object]:
    parcel = getattr(event, "parcel", None)
    return {"event": event.kind} if parcel is None else {"event": event.kind, "parcel": parcel}


def _fields_of_alarm(event: ev.AlarmRaised | ev.AlarmCleared) -> dict[str, object]:
    at_parcel = {"parcel": event.place} if event.key in _AT_PARCELS else {}
    return {"event": event.kind, "alarm": event.key, **at_parcel}


def _missorted(event: ev.ParcelMissorted) -> str:
    ordered = ", ".join(event.ordered) or "no chute"
    return f"parcel {event.parcel} fell into chute {event.chute}, {ordered} was ordered ({event.cause or 'unknown'})"


_ODD: dict[type[ev.Event], Callable[..., str]] = {
    ev.ParcelMissorted: _missorted,
    ev.ParcelAppeared: lambda it: f"parcel {it.parcel} was scanned on carrier {it.carrier} and never inducted",
    ev.ParcelReappeared: lambda it: f"parcel {it.parcel} is on carrier {it.carrier}, though its way had ended",
    ev.ParcelMoved: lambda it: f"parcel {it.parcel} moved from carrier {it.from_carrier} to {it.to_carrier}",
    ev.ParcelsSwapped: lambda it: f"parcels {it.parcel} and {it.other} lie on each other's carriers",
    ev.ParcelDoubled: lambda it: f"parcel {it.parcel} is told on carriers {it.other_carrier} and {it.carrier}",
    ev.ParcelRemoved: lambda it: f"parcel {it.parcel} is gone: {it.reason}",
    ev.DivertOffWindow: lambda it: (
        f"parcel {it.parcel} was confirmed {it.timing} in chute {it.chute}: "
        f"{it.since_scan_ms} ms behind its scan, its window is {it.window_ms} ms"
    ),
}
"""What is said of a parcel that is not where it should be."""


def _tell_of_hub(events: Iterable[ev.Event]) -> None:
    for event in events:
        match event:
            case ev.AlarmRaised():
                why = "alarm %s at %s (priority %d): %s"
                log.warning(
                    why, event.key, event.place, event.priority, event.explanation, extra=_fields_of_alarm(event)
                )
            case ev.AlarmCleared():
                log.info("alarm %s at %s is over", event.key, event.place, extra=_fields_of_alarm(event))
            case ev.SorterConnected():
                log.info("sorter connected: %s, session %s", event.peer, event.session)
            case ev.SorterDisconnected():
                log.warning("sorter disconnected: %s: %s", event.peer, event.reason)
            case ev.TelegramRejected():
                log.warning("refused from %s: %s (%d of such)", event.peer, event.reason, event.count)
            case _:
                pass
