"""Against 7,312 labelled addresses (swei412, dev split): province and county right, measured and printed.

The data are not ours to ship: the folder comes in KAREZ_PEER_DATA. A row counts where its district label is whole and
the name of a county of the gazetteer in any year. Weights were tuned on the train split only.
"""

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from address.labelled import Labelled, rows
from karez.address.gazetteer import Gazetteer
from karez.address.match import resolve
from karez.address.places import Level, NameKind
from karez.domain.destination import Destination, UnresolvedReason

DATA = Path(os.environ.get("KAREZ_PEER_DATA", "/nonexistent")) / "addresses" / "swei412" / "dev.txt"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="KAREZ_PEER_DATA is not set: no labelled addresses")


@pytest.fixture(scope="module")
def judged(gazetteer: Gazetteer) -> list[Labelled]:
    names = {place.name for place in gazetteer.places if place.level == Level.COUNTY}
    for number, aliases in gazetteer.aliases_of.items():
        if gazetteer.places[number].level == Level.COUNTY:
            names |= {alias.name for alias in aliases if alias.kind == NameKind.FORMER}
    return [row for row in rows(DATA) if row.parts.get("district") in names]


def lookalike_noise(gazetteer: Gazetteer) -> Callable[[Labelled], str]:
    rng, table = random.Random(9), gazetteer.lookalikes

    def noisy(row: Labelled) -> str:
        return "".join(rng.choice(table[c]) if c in table and rng.random() < 0.05 else c for c in row.text)

    return noisy


def one_dropped(row: Labelled) -> str:
    place = random.Random(row.text).randrange(min(len(row.text), 12))
    return row.text[:place] + row.text[place + 1 :]


def is_right(row: Labelled, found: Destination) -> bool:
    province = row.parts.get("prov", "")[:2]
    same_province = not province or (found.province_name or "").startswith(province)
    return same_province and row.parts["district"] in (found.county_name, found.former_name)


def measure(judged: list[Labelled], gazetteer: Gazetteer, write: Callable[[Labelled], str]) -> dict[str, float]:
    right = sure = sure_wrong = undecided = among = 0
    for row in judged:
        found = resolve(write(row), gazetteer)
        if isinstance(found, Destination):
            right += is_right(row, found)
            sure += found.confidence >= 0.95
            sure_wrong += found.confidence >= 0.95 and not is_right(row, found)
        elif found.reason == UnresolvedReason.AMBIGUOUS:
            undecided += 1
            among += row.parts["district"] in {candidate.county_name for candidate in found.candidates}
    count = len(judged)
    return {
        "right": right / count,
        "right of decided": right / (count - undecided),
        "undecided": undecided / count,
        "right among candidates": among / max(1, undecided),
        "sure": sure / count,
        "sure and wrong": sure_wrong / count,
    }


def test_enough_rows_are_judged(judged: list[Labelled]) -> None:
    assert len(judged) > 7_000


@pytest.mark.parametrize(
    ("what", "floor", "wrong"),
    [("whole", 0.997, 0.002), ("province dropped", 0.997, 0.002), ("look-alike noise", 0.99, 0.002)],
)
def test_province_and_county_are_right(
    what: str, floor: float, wrong: float, judged: list[Labelled], gazetteer: Gazetteer
) -> None:
    ways: dict[str, Callable[[Labelled], str]] = {
        "whole": lambda row: row.text,
        "province dropped": lambda row: row.without("prov"),
        "look-alike noise": lookalike_noise(gazetteer),
    }
    figures = measure(judged, gazetteer, ways[what])
    print(what, {name: round(value, 4) for name, value in figures.items()})
    assert figures["right"] >= floor
    assert figures["sure and wrong"] <= wrong


def test_with_province_and_city_dropped_it_decides_or_names_the_candidates(
    judged: list[Labelled], gazetteer: Gazetteer
) -> None:
    figures = measure(judged, gazetteer, lambda row: row.without("prov", "city"))
    print("province and city dropped", {name: round(value, 4) for name, value in figures.items()})
    assert figures["right of decided"] >= 0.995
    assert figures["right among candidates"] >= 0.99
    assert figures["undecided"] <= 0.04


def test_with_one_character_dropped_most_are_still_right(judged: list[Labelled], gazetteer: Gazetteer) -> None:
    figures = measure(judged[:3000], gazetteer, one_dropped)
    print("one character dropped", {name: round(value, 4) for name, value in figures.items()})
    assert figures["right"] >= 0.97
