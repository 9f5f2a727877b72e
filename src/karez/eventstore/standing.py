"""Which events still stand: what a start must know besides the live parcels, at a price that does not grow.

An alarm stands from `AlarmRaised` until `AlarmCleared`; the state of a chute, an induction or the sorter until the next
one. A store keeps the position of each, in the transaction that stores the event.
"""

from collections.abc import Callable

from karez.domain import events as ev

Place = tuple[str, str]
"""What stands, and where: ``("alarm.raised sorter.link", "sorter")``, ``("chute.changed", "K07")``."""

_PLACES: dict[type[ev.Event], Callable[..., Place]] = {
    ev.AlarmRaised: lambda event: (f"{ev.AlarmRaised.kind} {event.key}", event.place),
    ev.AlarmCleared: lambda event: (f"{ev.AlarmRaised.kind} {event.key}", event.place),
    ev.ChuteChanged: lambda event: (event.kind, event.chute),
    ev.SorterChanged: lambda event: (f"{event.kind} {event.subject}", event.name),
}

KINDS = tuple(kind.kind for kind in _PLACES)
"""Kinds of event that make something stand or end it."""


def place_of(event: ev.Event) -> Place | None:
    """Place at which an event stands, or ends what stood; ``None`` for one that does neither."""
    place = _PLACES.get(type(event))
    return None if place is None else place(event)


def ends(event: ev.Event) -> bool:
    """Whether nothing stands at its place after it."""
    return type(event) is ev.AlarmCleared
