"""A simulated day of a hub: which parcels come, when, from whom, to where, and how well they can be read."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

from karez.simulation import address_words
from karez.simulation.companies import COMPANIES
from karez.simulation.lots import Lot, deal
from karez.simulation.places import Place, read_areas, read_sort_codes
from karez.simulation.planned import PlannedParcel

__all__ = ["PlannedParcel", "advice_csv", "day", "intercepts", "returns"]

_SORT_CODE_ON_ADVISED = 0.7
_EXPRESS = {"sf": 0.7, "ems": 0.5, "jd": 0.6}


def day(
    seed: int, parcels: int, rate_per_h: int, areas_file: Path, sort_codes_file: Path, inductions: int = 2
) -> list[PlannedParcel]:
    """Plan the parcels of a day; the same arguments plan the same day.

    Parameters
    ----------
    seed
        Of all random choices.
    parcels
        How many.
    rate_per_h
        Mean flow, parcels an hour.
    areas_file, sort_codes_file
        The hub's delivery areas and sort codes (TOML).
    inductions
        Inductions are named ``I1``, ``I2``, … and take turns at random.

    Raises
    ------
    BadInput
        The areas file names an area for which the simulation knows no place.
    """
    rng = Random(f"karez day {seed}")
    lots = deal(parcels, rate_per_h, read_areas(areas_file), rng)
    writer = _Writer(read_sort_codes(sort_codes_file), inductions, rng)
    return [writer.parcel(index, lot) for index, lot in enumerate(lots)]


def advice_csv(parcels: Sequence[PlannedParcel]) -> bytes:
    """Write the courier companies' pre-advice as CSV (UTF-8): waybill, company, service, address."""
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(("waybill", "company", "service", "address"))
    for parcel in parcels:
        if parcel.advised:
            writer.writerow((parcel.waybill, parcel.company, parcel.service, parcel.order_address))
    return sheet.getvalue().encode("utf-8")


def intercepts(parcels: Sequence[PlannedParcel]) -> list[str]:
    """Give the waybills to put on the plan's intercept list (拦截)."""
    return [parcel.waybill for parcel in parcels if parcel.intercept]


def returns(parcels: Sequence[PlannedParcel]) -> list[str]:
    """Give the waybills to put on the plan's return list (退件)."""
    return [parcel.waybill for parcel in parcels if parcel.returned]


class _Writer:
    """Fills in what the quotas leave open: place, address, numbers, measures."""

    def __init__(self, codes: Mapping[str, Sequence[str]], inductions: int, rng: Random) -> None:
        self._codes, self._inductions, self._rng = codes, inductions, rng
        self._all_codes = {code for listed in codes.values() for code in listed}
        self._numbers: set[str] = set()

    def parcel(self, index: int, lot: Lot) -> PlannedParcel:
        place = self._place(lot)
        door = address_words.street_and_door(place, self._rng)
        mass_g, (length_mm, width_mm, height_mm) = _measures(lot.oddity, self._rng)
        return PlannedParcel(
            index=index,
            waybill=self._number(lot.company),
            company=lot.company,
            service="express" if self._rng.random() < _EXPRESS.get(lot.company, 0.05) else "standard",
            area=lot.area.area,
            county_name=place.county,
            township_name=place.town,
            province_name=place.province,
            prefecture_name=place.prefecture,
            address=self._address(lot.script, place, door),
            script=lot.script,
            advised=lot.evidence == "advised",
            sort_code=self._sort_code(lot),
            mass_g=mass_g,
            length_mm=length_mm,
            width_mm=width_mm,
            height_mm=height_mm,
            picture=lot.picture,
            arrives_ms=lot.arrives_ms,
            induction=f"I{self._rng.randint(1, self._inductions)}",
            order_address=address_words.chinese_in_full(place, door),
            intercept=lot.oddity == "intercept",
            returned=lot.oddity == "returned",
        )

    def _place(self, lot: Lot) -> Place:
        """Choose a place of the area; one that its county alone gives away, where the address names no more."""
        places = list(lot.area.places)
        if lot.script in ("ug", "en"):
            bare = [place for place in places if place.town is None and lot.evidence == "address"]
            places = bare or places
            places = [place for place in places if (place.latin if lot.script == "en" else place.uyghur)]
        elif lot.script == "zh+ug":
            places = [place for place in places if place.uyghur]
        if any(place.town for place in places) and lot.script.startswith("zh") and self._rng.random() < 0.9:
            places = [place for place in places if place.town]
        return self._rng.choice(places)

    def _address(self, script: str, place: Place, door: str) -> str:
        if script == "ug":
            return address_words.uyghur(place, self._rng)
        if script == "en":
            return address_words.english(place, self._rng)
        line = address_words.chinese(place, door, self._rng)
        return f"{line}\n{address_words.uyghur_short(place)}" if script == "zh+ug" else line

    def _number(self, company: str) -> str:
        """Draw a waybill number that no other parcel of the day has."""
        while (number := COMPANIES[company].number(self._rng)) in self._numbers:
            continue
        self._numbers.add(number)
        return number

    def _sort_code(self, lot: Lot) -> str | None:
        """Print three segments that the table leads to the area; the last, and an open middle one, are made up."""
        if lot.evidence == "address" or (lot.evidence == "advised" and self._rng.random() > _SORT_CODE_ON_ADVISED):
            return None
        codes = self._codes.get(lot.area.area)
        if not codes:
            return None
        code = self._rng.choice(codes)
        while len(code.split()) < 2:
            outlet = f"{code} {self._rng.choice('ADEGHN')}{self._rng.randint(0, 99):02d}"
            code = outlet if outlet not in self._all_codes else code
        return f"{code} {self._rng.randint(1, 40):02d}"


def _measures(oddity: str, rng: Random) -> tuple[int, tuple[int, int, int]]:
    """Draw mass in g and length, width, height in mm, longest first."""
    length_mm = rng.randint(1_260, 1_700) if oddity == "oversize" else int(min(900, 180 + rng.gammavariate(2, 60)))
    width_mm = int(max(120, min(length_mm, 600) * rng.uniform(0.5, 0.95)))
    height_mm = int(max(15, min(width_mm, 400) * rng.uniform(0.1, 0.8)))
    mass_g = (
        rng.randint(31_000, 45_000) if oddity == "overweight" else int(min(24_000, 80 + rng.lognormvariate(6.6, 0.9)))
    )
    return mass_g, (length_mm, width_mm, height_mm)
