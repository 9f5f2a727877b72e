"""The journal's lines: every input of the control loop and every order, in the order of commits, for `karez replay`.

What comes from the sorter is kept as it came (direction ``in``), an order as it left (``out``). Everything else that
moved the loop is a line of its own (``own``): pictures taken and read, answers of people, timers that ran out, starts
and plans, and what a decision looked at beside the parcel. What was read is not repeated here: the line's position
names the events that were committed with it, and they hold no personal data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

from karez.domain.ids import ParcelId
from karez.domain.telegrams import Dest
from karez.eventstore.append import Journalled
from karez.settings import Settings
from karez.sorter.plc.protocol import Arrived

_ENCODE = msgspec.json.Encoder().encode


class Own(StrEnum):
    """Types of the loop's own lines."""

    START = "START"  # the control process: versions, hashes and the settings that decide
    PLAN = "PLAN"  # another sort plan came into force
    LINK = "LINK"
    UNLINK = "UNLINK"
    FRAME = "FRAME"  # a picture of a parcel was given to a reader
    READ = "READ"  # it was read, or nobody answered for it in time
    WAITED = "WAITED"  # no picture is waited for any longer
    CODE = "CODE"  # a coding operator answered
    TAKEN_OFF = "TAKEN_OFF"  # a person took the parcel off
    LOOKED = "LOOKED"  # what the decision behind this line looked at


@dataclass(frozen=True, slots=True)
class Looked:
    """What a decision looked at beside the parcel's own events, the plan and the chutes.

    Attributes
    ----------
    ahead, coders, coding_ms
        Coding queue before it, operators at work, time of an answer; only where a person was asked.
    since_scan_ms
        Only where a chute may have been passed.
    company, service
        Of its pre-advice.
    reread_share
        Only where another picture might tell more.
    """

    parcel: ParcelId
    ahead: int = 0
    coders: int = 0
    coding_ms: float = 0.0
    since_scan_ms: float = 0.0
    company: str | None = None
    service: str | None = None
    reread_share: float = 1.0


def inbound(arrived: Arrived) -> Journalled:
    """A telegram of the PLC."""
    telegram = arrived.telegram
    kind = type(telegram).__name__.upper()
    return Journalled("in", arrived.session, arrived.seq, kind, _ENCODE(telegram).decode())


def outbound(order: Dest) -> Journalled:
    """An order; its running number belongs to the driver, its id names it."""
    return Journalled("out", "", 0, "DEST", _ENCODE(order).decode())


def own(kind: Own, **fields: object) -> Journalled:
    """A line of the loop's own."""
    return Journalled("own", "", 0, kind, _ENCODE(fields).decode())


def looked(what: Looked) -> list[Journalled]:
    """Line of what a decision looked at; none where it looked at nothing else."""
    return [] if what == Looked(what.parcel) else [Journalled("own", "", 0, Own.LOOKED, _ENCODE(what).decode())]


def deciding(settings: Settings) -> dict[str, Any]:
    """Return the settings that decide, for the line of a start; a replay takes them from there."""
    sorter = settings.sorter
    return {
        "hub": {"max_laps": settings.hub.max_laps, "min_confidence": settings.hub.min_confidence},
        "coding": {"ask": settings.coding.ask, "laps": settings.coding.laps},
        "sorter": {
            "valid_for_ms": sorter.valid_for_ms,
            "carriers": sorter.carriers,
            "lap_ms": sorter.lap_ms,
            "windows_ms": sorter.windows_ms,
            "windows_from": sorter.windows_from,
            "crowded_share": sorter.crowded_share,
            "hold_share": sorter.hold_share,
        },
    }


def start(settings: Settings, version: str, hashes: Mapping[str, str]) -> Journalled:
    """Line of a start.

    Parameters
    ----------
    hashes
        SHA-256 of ``plan``, ``areas`` and ``gazetteer``, as far as there are any.
    """
    return own(Own.START, version=version, hashes=dict(hashes), settings=deciding(settings))
