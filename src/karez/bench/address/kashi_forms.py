"""Ways to write an address of the Kashi region: names in full, short, old, of regiments, in three scripts."""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from karez.address.names import short_forms
from karez.address.normalise import chinese_number
from karez.address.places import Place
from karez.bench.address.kashi_region import Region


class Form(StrEnum):
    """How the place is named."""

    FULL = "full names"
    SHORT_COUNTY = "county short"
    OTHER_COUNTY = "county by another name"
    NO_COUNTY = "county missing"
    SHORT_TOWNSHIP = "township short"
    VILLAGE_ALONE = "township missing"
    REGIMENT = "regiment"
    FORMER = "of the old map"
    LATIN = "Latin"
    UYGHUR = "Uyghur"


@dataclass(frozen=True, slots=True)
class Parts:
    """An address part by part; a part that is not written is empty.

    Attributes
    ----------
    join
        What stands between the parts.
    small_first
        Whether the smallest part comes first, as in English.
    """

    above: str = ""
    county: str = ""
    township: str = ""
    village: str = ""
    tail: str = ""
    join: str = ""
    small_first: bool = False

    def in_order(self) -> list[str]:
        """Give the parts that are written, in the order in which they stand."""
        written = [part for part in (self.above, self.county, self.township, self.village, self.tail) if part]
        return written[::-1] if self.small_first else written

    @property
    def text(self) -> str:
        """The address."""
        return self.join.join(self.in_order())


_REGIMENT = re.compile(r"([一二三四五六七八九十]+)团$")
_NUMBERS = {chinese_number(number): str(number) for number in range(1, 100)}
_STREETS = ("人民西路12号", "友谊路5号", "团结路88号", "文化路3号院2单元401", "幸福花园1栋", "巴扎对面", "")
_KINDS = {"街道": (" Jiedao", " Subdistrict", ""), "镇": (" Zhen", " Town", ""), "乡": (" Xiang", " Township", "")}
_UYGHUR_STREETS = ("بازار كوچىسى", "ئازادلىق يولى", "خەلق يولى")
_ABOVE_PREFECTURE = ("新疆维吾尔自治区喀什地区", "新疆喀什地区", "新疆喀什", "喀什地区", "新疆", "")
_ABOVE_CITY = ("新疆维吾尔自治区", "新疆", "新疆喀什地区", "")


class Forms:
    """Writes a township, and a village of it, in each form that it has."""

    def __init__(self, region: Region) -> None:
        self._region = region
        self._write: Mapping[Form, Callable[[Place, Place | None, random.Random], Parts | None]] = {
            Form.FULL: self._full,
            Form.SHORT_COUNTY: self._short_county,
            Form.OTHER_COUNTY: self._other_county,
            Form.NO_COUNTY: self._no_county,
            Form.SHORT_TOWNSHIP: self._short_township,
            Form.VILLAGE_ALONE: self._village_alone,
            Form.REGIMENT: self._regiment,
            Form.FORMER: self._former,
            Form.LATIN: self._latin,
            Form.UYGHUR: self._uyghur,
        }

    def write(self, form: Form, township: Place, village: Place | None, rng: random.Random) -> Parts | None:
        """Write it in a form; ``None`` where it has no such names."""
        return self._write[form](township, village, rng)

    def _full(self, township: Place, village: Place | None, rng: random.Random) -> Parts:
        county = self._region.county_of(township)
        return Parts(self._above(county, rng), county.name, township.name, *_end(village, rng))

    def _short_county(self, township: Place, village: Place | None, rng: random.Random) -> Parts | None:
        county = self._region.county_of(township)
        return self._with_county(short_forms(county.name, county.level), township, village, rng)

    def _other_county(self, township: Place, village: Place | None, rng: random.Random) -> Parts | None:
        names = self._region.chinese_aliases(self._region.county_of(township))
        return self._with_county(names, township, village, rng)

    def _with_county(
        self, names: Sequence[str], township: Place, village: Place | None, rng: random.Random
    ) -> Parts | None:
        parts = self._full(township, village, rng)
        return replace(parts, county=rng.choice(names)) if names else None

    def _no_county(self, township: Place, village: Place | None, rng: random.Random) -> Parts:
        return replace(self._full(township, village, rng), county="")

    def _short_township(self, township: Place, village: Place | None, rng: random.Random) -> Parts | None:
        """Shorten the township, as is done before a village: 荒地3村."""
        names = short_forms(township.name, township.level)
        if township.name.endswith("街道") and (village is None or "大道" in township.name):
            return None  # it has no numbered villages, and 西域大道 is a road
        parts = self._full(township, village, rng)
        tail = parts.tail if village else f"{rng.randint(1, 20)}村{rng.randint(1, 6)}组"
        return replace(parts, township=rng.choice(names), tail=tail) if names else None

    def _village_alone(self, township: Place, village: Place | None, rng: random.Random) -> Parts | None:
        return replace(self._full(township, village, rng), township="") if village else None

    def _regiment(self, township: Place, village: Place | None, rng: random.Random) -> Parts | None:
        names = self._region.chinese_aliases(township)
        if not names:
            return None
        parts = self._full(township, None, rng)
        county = rng.choice((parts.county, *self._region.chinese_names(self._region.county_of(township)), ""))
        return replace(parts, county=county, township=_in_figures(rng.choice(names), rng), tail=_company(rng))

    def _former(self, township: Place, village: Place | None, rng: random.Random) -> Parts | None:
        """Write county and township as an older map had them."""
        rows = self._region.former_rows_of(township)
        if not rows:
            return None
        row = rng.choice(rows)
        return Parts(
            self._above(row.county, rng), row.county.name, _in_figures(row.place.name, rng), *_end(village, rng)
        )

    def _latin(self, township: Place, village: Place | None, rng: random.Random) -> Parts | None:
        names = self._region.latin_names(township)
        if not names:
            return None
        county = self._region.county_of(township)
        ending = next(each for each in _KINDS if township.name.endswith(each)) if _has_kind(township) else ""
        kind = rng.choice(_KINDS[ending]) if ending else ""
        above = rng.choice(("Kashgar Prefecture, Xinjiang", "Xinjiang, China", "Xinjiang"))
        above = above if self._region.in_prefecture(county) else "Xinjiang, China"
        street = rng.choice(("No. 12 Renmin Road", "Building 3, Room 402", "12 Tuanjie Lu", ""))
        town, written = rng.choice(names) + kind, rng.choice(self._region.latin_names(county))
        return Parts(above, written, town, "", street, join=", ", small_first=True)

    def _uyghur(self, township: Place, village: Place | None, rng: random.Random) -> Parts | None:
        """Write county and, where it has a name in Uyghur, township; most townships have none that we know."""
        county = self._region.county_of(township)
        names = self._region.uyghur_names(county)
        above = "شىنجاڭ" + (" قەشقەر ۋىلايىتى" if self._region.in_prefecture(county) else "")
        tail = f"{rng.choice(_UYGHUR_STREETS)} {rng.randint(1, 190)}-نومۇر"
        return Parts(above, rng.choice(names), township.ug, "", tail, join=" ") if names else None

    def _above(self, county: Place, rng: random.Random) -> str:
        return rng.choice(_ABOVE_PREFECTURE if self._region.in_prefecture(county) else _ABOVE_CITY)


def _has_kind(township: Place) -> bool:
    return any(township.name.endswith(each) for each in _KINDS)


def _end(village: Place | None, rng: random.Random) -> tuple[str, str]:
    """Give the village and what follows: a group and number of it, or a street."""
    if village is not None:
        return village.name, rng.choice(
            (f"{rng.randint(1, 9)}组{rng.randint(1, 190)}号", f"{rng.randint(1, 190)}号", "")
        )
    return "", rng.choice(_STREETS)


def _company(rng: random.Random) -> str:
    return rng.choice((f"{rng.randint(1, 20)}连", f"{rng.randint(1, 20)}连{rng.randint(1, 30)}号", ""))


def _in_figures(name: str, rng: random.Random) -> str:
    """Write a regiment's number in figures half the time: 51团, 五十一团."""
    found = _REGIMENT.search(name)
    if found is None or rng.random() < 0.5:
        return name
    return f"{name[: found.start()]}{_NUMBERS[found[1]]}团"
