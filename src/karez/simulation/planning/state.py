"""The planning model's arrays: what stands fast during a run, and what changes."""

from collections.abc import MutableSequence
from typing import NamedTuple

from karez.simulation.planning.instance import Whole

OUTSIDE, ON_LOOP, GONE = range(3)
"""Where a parcel is."""

UNKNOWN, BY_READER, BY_CODER, GIVEN_UP = range(4)
"""What is known of where a parcel goes, and from whom; `GIVEN_UP`: a coder could not tell."""


class House:
    """What stands fast: the loop (in micrometres), its habits, and the policy's rules in counts and times."""

    carriers: int
    pitch_um: int
    length_um: int
    speed_um_ms: int
    emptied_after_ms: int
    exception: int
    lap_ms: int
    ends_when_quiet_ms: int
    coders: int
    coding_expected_ms: int
    asks: int
    same_lap: int
    max_laps: int
    crowded_percent: int
    patience_percent: int
    reread_least_percent: int
    looks_at_chutes: int
    hold_at: int
    resume_at: int


class Count:
    """What is counted while it runs: carriers occupied (``riding``), those of them on lap 2 or later, and so on.

    ``pictured_again``, ``reread``: of the last parcels that circled unread, how many, and how many were read then.
    """

    now_ms: int
    entries: int
    in_agenda: int
    in_answers: int
    arrived: int
    riding: int
    circling: int
    left: int
    quiet_since_ms: int
    riding_ms: int
    circling_ms: int
    tasks_begin: int
    tasks_end: int
    pictured_again: int
    pictured_again_in_all: int
    reread: int
    held: int
    holds: int
    steps: int
    sources: int


class StationRow:
    """Points of a station, in micrometres."""

    camera_um: int
    scan_um: int
    end_um: int


class InductionRow:
    """An induction; ``first`` of its station's ``beside`` inductions; its queue lies between head and tail."""

    point_um: int
    station: int
    first: int
    beside: int
    offering: int
    head: int
    tail: int


class ChuteRow:
    """A chute; ``blocked``: how many jams keep it shut."""

    point_um: int
    capacity: int
    inside: int
    blocked: int


class ParcelRow:
    """A parcel: what it is, where it is, what is known of it, its present order, and when what happened (-1: never)."""

    arrives_ms: int
    induction: int
    station: int
    read_on_lap: int
    coding_ms: int
    codable: int
    where: int
    carrier: int
    lap: int
    asked: int
    known: int
    order_number: int
    order_length: int
    inducted_ms: int
    left_ms: int
    chute: int
    coder: int
    coder_asked_ms: int
    coder_starts_ms: int
    coder_done_ms: int
    answered: int


class JamRow:
    """A chute that takes nothing for a while."""

    chute: int
    at_ms: int
    for_ms: int


class EntryRow:
    """Something that is to happen: its key says when, and which comes first of several."""

    key: int
    what: int


class Model(NamedTuple):
    """All of one run. For numba each is an array of records of whole numbers; house and count have one row.

    Attributes
    ----------
    choices, orders
        Shape (parcels, …): a parcel's chutes, best first, and the chutes of its present order.
    queue
        Parcels that wait, each induction in a stretch of its own.
    in_order
        Parcels by time of arrival.
    on_carrier
        The parcel on each carrier; -1.
    tasks, at_work
        Parcels whose pictures were put before the coders, in that order; the one that each coder looks at, -1.
    rereads
        Of the last parcels that were pictured again, in a ring, which were read then.
    """

    house: MutableSequence[House]
    counts: MutableSequence[Count]
    stations: MutableSequence[StationRow]
    inductions: MutableSequence[InductionRow]
    chutes: MutableSequence[ChuteRow]
    parcels: MutableSequence[ParcelRow]
    jams: MutableSequence[JamRow]
    agenda: MutableSequence[EntryRow]
    answers: MutableSequence[EntryRow]
    choices: Whole
    orders: Whole
    queue: Whole
    in_order: Whole
    on_carrier: Whole
    tasks: Whole
    at_work: Whole
    rereads: Whole
