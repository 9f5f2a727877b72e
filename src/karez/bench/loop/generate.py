"""Draws an instance from its recipe, the same on every machine: whole numbers, and sums and quotients of fractions.

Only `random.Random.random` is used, which Python keeps the same from version to version, and no function whose last bit
differs between processors.
"""

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from random import Random

from karez.bench.loop.format import (
    ChutePart,
    CodingPart,
    InstanceFile,
    JamPart,
    LoopPart,
    ParcelPart,
    Recipe,
    StationPart,
)

_READERS_MS, _TO_CHUTE_MS = 1_500, 2_000  # as of `karez.simulation.loop`: camera to scan point, scan to first chute


def spelled_out(name: str, about: str, recipe: Recipe) -> InstanceFile:
    """Draw the instance of a recipe; the last chute is the exception chute."""
    loop = _loop(recipe)
    random = Random(recipe.seed)
    jams = [_jam(recipe, random) for _ in range(recipe.jams)]
    coding = CodingPart(coders=recipe.coders, expected_ms=(recipe.coding_least_ms + recipe.coding_most_ms) // 2)
    parcels = _parcels(recipe, loop, random)
    return InstanceFile(name=name, about=about, loop=loop, coding=coding, jams=jams, parcels=parcels)


def _loop(recipe: Recipe) -> LoopPart:
    stretch = recipe.carriers * recipe.pitch_mm // recipe.stations
    length = recipe.carriers * recipe.pitch_mm
    begins = [number * stretch for number in range(recipe.stations)]
    share = [recipe.chutes * (number + 1) // recipe.stations for number in range(recipe.stations)]
    counts = [upper - lower for lower, upper in zip([0, *share], share, strict=False)]
    places = [
        at for begin, count in zip(begins, counts, strict=True) for at in _chute_places(recipe, begin, stretch, count)
    ]
    capacities = [*[recipe.capacity] * (recipe.chutes - 1), recipe.exception_capacity]
    names = [_name(number) for number in range(recipe.chutes)]
    return LoopPart(
        carriers=recipe.carriers,
        pitch_mm=recipe.pitch_mm,
        speed_mm_s=recipe.speed_mm_s,
        stations=[_station(recipe, begin, stretch, length) for begin in begins],
        chutes=[
            ChutePart(name=name, at_mm=at, capacity=capacity)
            for name, at, capacity in zip(names, places, capacities, strict=True)
        ],
        exception=names[-1],
        emptied_after_ms=recipe.emptied_after_ms,
    )


def _name(chute: int) -> str:
    return f"C{chute + 1:03d}"


def _station(recipe: Recipe, begin: int, stretch: int, length: int) -> StationPart:
    camera = stretch // 8
    return StationPart(
        inductions_mm=[
            begin + camera * number // recipe.inductions_per_station for number in range(recipe.inductions_per_station)
        ],
        camera_mm=begin + camera,
        scan_mm=begin + camera + _way(recipe, _READERS_MS, stretch),
        end_mm=(begin - 1) % length,
    )


def _way(recipe: Recipe, ms: int, stretch: int) -> int:
    return min(ms * recipe.speed_mm_s // 1000, stretch // 8)


def _chute_places(recipe: Recipe, begin: int, stretch: int, count: int) -> list[int]:
    first = stretch // 8 + _way(recipe, _READERS_MS, stretch) + _way(recipe, _TO_CHUTE_MS, stretch)
    last = stretch - stretch // 60 - 2
    return [begin + first + (last - first) * number // max(1, count) for number in range(count)]


def _jam(recipe: Recipe, random: Random) -> JamPart:
    chute = _name(_below(random, recipe.chutes - 1))
    return JamPart(chute=chute, at_ms=_below(random, recipe.minutes * 60_000), for_ms=recipe.jam_ms)


def _below(random: Random, limit: int) -> int:
    return int(random.random() * limit)


def _parcels(recipe: Recipe, loop: LoopPart, random: Random) -> list[ParcelPart]:
    inductions = recipe.stations * recipe.inductions_per_station
    weights = list(accumulate(_weights(recipe)))
    rows = _rows(recipe, loop)
    arrivals = sorted(_arrival(recipe, random) for _ in range(recipe.parcels))
    return [_parcel(recipe, random, arrives_ms, _below(random, inductions), weights, rows) for arrives_ms in arrivals]


def _weights(recipe: Recipe) -> list[float]:
    """Share of each destination, falling evenly from the first to the last."""
    steps = max(1, recipe.destinations - 1)
    return [recipe.skew - (recipe.skew - 1) * number / steps for number in range(recipe.destinations)]


def _arrival(recipe: Recipe, random: Random) -> int:
    """Draw a time: a part by its weight, then any moment of it. So many independent ones are a Poisson stream."""
    upto = list(accumulate(recipe.waves))
    part = bisect(upto, random.random() * upto[-1])
    whole_ms = recipe.minutes * 60_000
    begin, end = (whole_ms * number // len(upto) for number in (part, part + 1))
    return begin + _below(random, end - begin)


def _rows(recipe: Recipe, loop: LoopPart) -> list[list[list[str]]]:
    """By station and destination: its chutes, the nearest behind the scan point first."""
    length = recipe.carriers * recipe.pitch_mm
    sorting = loop.chutes[:-1]
    of = [sorting[number :: recipe.destinations] for number in range(recipe.destinations)]
    return [
        [[c.name for c in sorted(chutes, key=lambda c: (c.at_mm - station.scan_mm) % length)] for chutes in of]
        for station in loop.stations
    ]


def _parcel(
    recipe: Recipe,
    random: Random,
    arrives_ms: int,
    induction: int,
    weights: Sequence[float],
    rows: Sequence[Sequence[list[str]]],
) -> ParcelPart:
    destination = min(bisect(weights, random.random() * weights[-1]), recipe.destinations - 1)
    read, again, codable = (random.random() for _ in range(3))
    unread = read < recipe.no_reads
    return ParcelPart(
        arrives_ms=arrives_ms,
        induction=induction,
        chutes=rows[induction // recipe.inductions_per_station][destination],
        read_on_lap=(2 if again < recipe.read_on_second_lap else 0) if unread else 1,
        coding_ms=recipe.coding_least_ms + _below(random, recipe.coding_most_ms - recipe.coding_least_ms + 1),
        codable=not unread or codable >= recipe.uncodable,
    )
