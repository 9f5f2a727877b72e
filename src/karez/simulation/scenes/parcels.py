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
from karez.simulation.scenes.english_addresses import english_address
from karez.simulation.scenes.international_label import draw_international
from karez.simulation.scenes.uyghur_addresses import COUNTIES, uyghur_address, uyghur_second_line

SCRIPTS = (*("zh",) * 12, *("zh+ug",) * 2, *("ug",) * 4, *("en",) * 2)
"""Scripts of any twenty successive parcels, shuffled: some 60 / 30 / 10 lines of a hundred are zh / ug / en."""

_NEAR = {"zh": 0.5, "zh+ug": 0.8, "ug": 0.8, "en": 0.9}  # of the addresses lie in the hub's own prefecture
_FROM_ABROAD = 0.65  # of the English addresses stand on postal labels from abroad, the others on Chinese labels
_UYGHUR_FIRST = 0.3  # of the bilingual labels
_MATRICES = ("qr", "datamatrix", "link", "none", "bare")
_MATRIX_SHARES = (55, 15, 15, 12, 3)
_CHINESE_FACES = ("zh-bold", "zh-bold", "zh", "zh-serif")


_LABEL = 1  # purpose of random numbers


@dataclass(frozen=True, slots=True)
class Labelled:
    """A parcel and its label.

    Attributes
    ----------
    centre_px
        Where the label's centre stands in the picture, once it is laid there.
    """

    parcel: PlannedParcel
    label: Label
    centre_px: tuple[float, float] = (0.0, 0.0)


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
    draw = draw_international if parcel.script == "en" and parcel.company == "ems" else draw_label
    return Labelled(parcel, draw(parcel, np.random.default_rng([seed, index, _LABEL]), style))


def bench_parcel(index: int, seed: int) -> PlannedParcel:
    """Make up the parcel of one scene; it is the same under every condition, so that conditions can be compared."""
    rng = Random(f"karez scene {seed} {index}")
    script = _script(index, seed)
    place = _place(script, rng)
    abroad = script == "en" and rng.random() < _FROM_ABROAD
    company = "ems" if abroad else rng.choices(list(COMPANIES), [each.share for each in COMPANIES.values()])[0]
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
        sort_code=None if abroad else _sort_code(rng),
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
        number_form=rng.choice(("postal", "plain") if parcel.company == "ems" else ("end", "end", "plain")),
        sort_code_first=rng.random() < 0.3,
    )


def _script(index: int, seed: int) -> str:
    block = list(SCRIPTS)
    Random(f"karez scripts {seed} {index // len(block)}").shuffle(block)
    return block[index % len(block)]


@lru_cache(maxsize=4)
def _places(script: str) -> tuple[list[Place], list[Place]]:
    """Give the places that an address in a script can name: in the hub's own prefecture, and elsewhere."""
    places = [place for place in known_places() if script == "zh" or place.county in COUNTIES]
    if script == "en":
        places = [place for place in places if place.latin and place.town is None]
    near = [place for place in places if place.prefecture == "喀什地区"]
    return near, [place for place in places if place.prefecture != "喀什地区"]


def _place(script: str, rng: Random) -> Place:
    near, far = _places(script)
    return rng.choice(near if rng.random() < _NEAR[script] else far)


def _address(script: str, place: Place, rng: Random) -> str:
    if script == "ug":
        return uyghur_address(place.county, rng)
    if script == "en":
        return english_address(place, rng)
    line = address_words.chinese(place, address_words.street_and_door(place, rng), rng)
    if script == "zh":
        return line
    both = (line, uyghur_second_line(place.county, rng))
    return "\n".join(both[::-1] if rng.random() < _UYGHUR_FIRST else both)


def _sort_code(rng: Random) -> str | None:
    """Make up a three-segment code in one of the forms seen on labels; one label in six has none."""
    if rng.random() < 1 / 6:
        return None
    first = f"{rng.randint(100, 989)}{rng.choice(('', '', 'A', 'B'))}"
    middle = f"{rng.choice('ADEGHMNV')}{rng.randint(1, 99):02d}"
    if rng.random() < 0.2:
        middle = f"{middle[0]}0{middle[1:]}-00"
    return f"{first} {middle} {rng.randint(1, 60):02d}"
