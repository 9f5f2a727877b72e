"""Events of parcels that are not where they should be, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from karez.domain import events as ev
from karez.web.languages import N_
from karez.web.lifeline_entry import Entry


def _appeared(event: ev.ParcelAppeared) -> Entry:
    return Entry(
        N_("Appeared on carrier %(carrier)s: nobody had told of its induction."),
        {"carrier": event.carrier},
        weight="attention",
    )


def _reappeared(event: ev.ParcelReappeared) -> Entry:
    return Entry(
        N_("Scanned on carrier %(carrier)s, though its way had ended: it goes round until somebody looks."),
        {"carrier": event.carrier},
        weight="attention",
    )


def _moved(event: ev.ParcelMoved) -> Entry:
    return Entry(
        N_("Found on carrier %(to)s, and was on carrier %(from)s."),
        {"to": event.to_carrier, "from": event.from_carrier},
        facts=[(N_("Parcel that was there"), event.other)],
        weight="attention",
    )


def _swapped(event: ev.ParcelsSwapped) -> Entry:
    return Entry(N_("Changed places with parcel %(other)s."), {"other": event.other}, weight="attention")


def _doubled(event: ev.ParcelDoubled) -> Entry:
    return Entry(
        N_("Inducted once more, on carrier %(carrier)s: one name on two carriers."),
        {"carrier": event.carrier},
        weight="attention",
    )


def _overdue(event: ev.ParcelOverdue) -> Entry:
    return Entry(
        N_("Nothing was heard of it for %(seconds)s s. It may still come."),
        {"seconds": event.silent_ms // 1000},
        weight="attention",
    )


def _off_window(event: ev.DivertOffWindow) -> Entry:
    return Entry(
        N_("Confirmed in chute %(chute)s when it can hardly have been there."),
        {"chute": event.chute},
        ("Timing", event.timing),
        facts=[
            (N_("Time since the scan"), f"{event.since_scan_ms:,} ms"),
            (N_("Passes the chute after"), f"{event.window_ms:,} ms"),
        ],
        weight="attention",
    )


ASTRAY: Mapping[str, Callable[[Any], Entry]] = {
    ev.ParcelAppeared.kind: _appeared,
    ev.ParcelReappeared.kind: _reappeared,
    ev.ParcelMoved.kind: _moved,
    ev.ParcelsSwapped.kind: _swapped,
    ev.ParcelDoubled.kind: _doubled,
    ev.ParcelOverdue.kind: _overdue,
    ev.DivertOffWindow.kind: _off_window,
}
"""Who tells which kind."""
