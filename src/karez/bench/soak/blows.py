"""Which blows a hub gets, how many, and in which order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Blow(StrEnum):
    """One thing that is done to a running hub."""

    KILL_CONTROL = "control killed"
    KILL_DATABASE = "database killed"
    CUT_LINK = "link cut"
    FULL_DISK = "disk full"
    FLOOD = "port flooded"


IN_TEN_MINUTES: Mapping[Blow, int] = {
    Blow.KILL_CONTROL: 50,
    Blow.KILL_DATABASE: 20,
    Blow.CUT_LINK: 20,
    Blow.FLOOD: 4,
    Blow.FULL_DISK: 1,
}
"""A database is killed where there is a server, a disk is filled where the store is a file: two parts, two stores."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a soak: its store, its blows in order, and how long it shall take."""

    store: str
    blows: Sequence[Blow]
    seconds: float


def parts(minutes: float, rng: Random) -> Sequence[Part]:
    """Deal the blows of so many minutes; each kind comes at least once."""
    counts = {blow: max(1, round(count * minutes / 10)) for blow, count in IN_TEN_MINUTES.items()}
    counts[Blow.FULL_DISK] = 1
    halves = {blow: counts[blow] // 2 for blow in (Blow.KILL_CONTROL, Blow.CUT_LINK, Blow.FLOOD)}
    server = {
        **{blow: counts[blow] - half for blow, half in halves.items()},
        Blow.KILL_DATABASE: counts[Blow.KILL_DATABASE],
    }
    file = {**halves, Blow.FULL_DISK: 1}
    blows = {"postgresql": _mixed(server, rng), "sqlite": _mixed(file, rng)}
    every = sum(len(each) for each in blows.values())
    return [Part(store, dealt, minutes * 60 * len(dealt) / every) for store, dealt in blows.items()]


def _mixed(counts: Mapping[Blow, int], rng: Random) -> Sequence[Blow]:
    dealt = [blow for blow, count in counts.items() for _ in range(count)]
    rng.shuffle(dealt)
    return dealt
