"""The bench's parcels: who carries them, where they go, and how their labels are laid out."""

from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random

import numpy as np

from karez.simulation import address_words
from karez.simulation.companies import COMPANIES
from karez.simulation.fonts import BENCH_UYGHUR_FACES
from karez.simulation.label_layout import Label, LabelStyle
from karez.simulation.labels import draw_label
from karez.simulation.places import Place, known_places
from karez.simulation.planned import PlannedParcel
from karez.simulation.scenes.uyghur_addresses import uyghur_address, uyghur_second_line

SCRIPTS = (*("zh",) * 12, *("zh+ug",) * 2, *("ug",) * 4, *("en",) * 2)
"""Scripts of any twenty successive parcels, shuffled: some 60 / 30 / 10 lines of a hundred are zh / ug / en."""

_NEAR = 0.5  # of the addresses lie in the hub's own prefecture
_MATRICES = ("qr", "datamatrix", "link", "none", "bare")
_MATRIX_SHARES = (55, 15, 15, 12, 3)
_CHINESE_FACES = ("zh-bold", "zh-bold", "zh", "zh-serif")


_LABEL = 1  # purpose of random numbers


@dataclass(frozen=True, slots=True)
class Labelled:
    """A parcel and its label."""

    parcel: PlannedParcel
    label: Label


def labelled(
    index: int, seed: int, confirmed: bool = False, size_mm: tuple[float, float] | None = None, copy: bool = False
) -> Labelled:
    """Draw a parcel and its label.

    Parameters
    ----------
    confirmed
        See `bench_style`.
    size_mm
        Of the label, where it must have one.
    copy
        Whether it is a second label of the same parcel: it carries the same words in another layout.
    """
    parcel = bench_parcel(index, seed)
    style = replace(bench_style(parcel, seed + copy, confirmed), size_mm=size_mm)
    return Labelled(parcel, draw_label(parcel, np.random.default_rng([seed, index, _LABEL]), style))


def bench_parcel(index: int, seed: int) -> PlannedParcel:
    """Make up the parcel of one scene; it is the same under every condition, so that conditions can be compared."""
    rng = Random(f"karez scene {seed} {index}")
    script = _script(index, seed)
    place = _place(script, rng)
    company = "ems" if script == "en" else rng.choices(list(COMPANIES), [each.share for each in COMPANIES.values()])[0]
    return PlannedParcel(
        index=index,
        waybill=COMPANIES[company].number(rng),
        company=company,
        service=rng.choice(("express", "standard")),
        area="",
        county_name=place.county,
        township_name=place.town,
        province_name=place.province,
        prefecture_name=place.prefecture,
        address=_address(script, place, rng),
        script=script,
        advised=False,
        sort_code=None if script == "en" else _sort_code(rng),
        mass_g=rng.randint(80, 12_000),
        length_mm=rng.randint(180, 480),
        width_mm=rng.randint(130, 340),
        height_mm=rng.randint(15, 300),
        picture="typical",
        arrives_ms=0,
        induction="I1",
    )


def bench_style(parcel: PlannedParcel, seed: int, confirmed: bool = False) -> LabelStyle:
    """Choose how a parcel's label is laid out.

    Parameters
    ----------
    confirmed
        Whether the label must hold the waybill in a 2D code or printed twice, as a picture of 3 px/mm needs it.
    """
    rng = Random(f"karez scene {seed} {parcel.index} style")
    matrix = rng.choices(_MATRICES, _MATRIX_SHARES)[0]
    if confirmed and matrix == "bare":
        matrix = "none"
    return LabelStyle(
        matrix="none" if matrix == "bare" else matrix,
        # Where no 2D code holds the number, real labels nearly always carry it twice.
        side_code=None if matrix in ("qr", "datamatrix") else matrix != "bare",
        chinese_face=rng.choice(_CHINESE_FACES),
        uyghur_face=rng.choice(BENCH_UYGHUR_FACES),
        em_scale=rng.choice((0.92, 1.0, 1.0, 1.08)),
    )


def _script(index: int, seed: int) -> str:
    block = list(SCRIPTS)
    Random(f"karez scripts {seed} {index // len(block)}").shuffle(block)
    return block[index % len(block)]


@lru_cache(maxsize=1)
def _places() -> tuple[list[Place], list[Place]]:
    """Give the places of the hub's own prefecture, and all the others."""
    near = [place for place in known_places() if place.prefecture == "喀什地区"]
    return near, [place for place in known_places() if place.prefecture != "喀什地区"]


def _place(script: str, rng: Random) -> Place:
    near, far = _places()
    places = near if script != "zh" or rng.random() < _NEAR else far
    if script == "en":
        places = [place for place in places if place.latin and place.town is None]
    return rng.choice(places)


def _address(script: str, place: Place, rng: Random) -> str:
    if script == "ug":
        return uyghur_address(rng)
    if script == "en":
        return address_words.english(place, rng)
    line = address_words.chinese(place, address_words.street_and_door(place, rng), rng)
    return f"{line}\n{uyghur_second_line(rng)}" if script == "zh+ug" else line


def _sort_code(rng: Random) -> str | None:
    """Make up a three-segment code in one of the forms seen on labels; one label in six has none."""
    if rng.random() < 1 / 6:
        return None
    first = f"{rng.randint(100, 989)}{rng.choice(('', '', 'A', 'B'))}"
    middle = f"{rng.choice('ADEGHMNV')}{rng.randint(1, 99):02d}"
    if rng.random() < 0.2:
        middle = f"{middle[0]}0{middle[1:]}-00"
    return f"{first} {middle} {rng.randint(1, 60):02d}"
