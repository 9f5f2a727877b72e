"""What a drawn address of the Kashi region tells, by the gazetteer's names alone: its township, its village, or not."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from rapidfuzz.distance import Levenshtein

from karez.address.names import short_forms
from karez.address.normalise import chinese_number
from karez.address.places import Level, Place
from karez.address.scripts import fold_latin
from karez.bench.address.kashi_forms import Form, Parts
from karez.bench.address.kashi_region import Region, TownshipRow

_FIGURES = {str(number): chinese_number(number) for number in range(1, 100)}


class KashiTruth:
    """Compares what is written with the names of every other place that it could mean.

    A township is told where the written names of county and township are nearer to it than to any other township of
    the region, today's or of the past, written in the same form; nearness is the number of characters to change. Where
    no county is written, its name must be of no other township of the country. A village is told where its name is
    nearer to what is written than that of any other village of the county.
    """

    def __init__(self, region: Region) -> None:
        self._region = region
        self._national = _townships_by_name(region)
        self._latin_prefecture = {fold_latin(name) for name in region.latin_names(region.prefecture)}

    def tells_township(self, form: Form, parts: Parts, township: Place) -> bool:
        """Whether the address tells its township."""
        if form == Form.VILLAGE_ALONE:
            return True  # as far as its village is told, which is asked apart
        if not parts.township:
            return False
        if not parts.county:
            return self._national[_plain(parts.township)] == {township.id}
        return self._is_nearest(form, parts, township)

    def _is_nearest(self, form: Form, parts: Parts, township: Place) -> bool:
        nearest: dict[int, int] = {}
        for row in self._region.rows:
            distance = self._distance(form, parts, row)
            if distance is not None:
                nearest[row.today.id] = min(distance, nearest.get(row.today.id, distance))
        own = nearest.pop(township.id, None)
        return own is not None and all(own < other for other in nearest.values())

    def _distance(self, form: Form, parts: Parts, row: TownshipRow) -> int | None:
        """Count the characters to change; ``None`` where the township has no names of the form."""
        names = self._names(form, row)
        if not names:
            return None
        if form in (Form.LATIN, Form.UYGHUR):
            return _nearness(_folded(parts.county), self._foreign_counties(form, row.county)) + _nearness(
                _folded(parts.township), names
            )
        counties = self._region.chinese_names(row.county)
        if self._region.in_prefecture(row.county):
            counties = [*counties, *short_forms(self._region.prefecture.name, Level.PREFECTURE)]
        return _nearness(parts.county, counties) + _nearness(_plain(parts.township), names)

    def _names(self, form: Form, row: TownshipRow) -> list[str]:
        region, place = self._region, row.place
        if form == Form.LATIN:
            return [_folded(name + kind) for name in region.latin_names(place) for kind in _latin_kinds(place)]
        if form == Form.UYGHUR:
            return [place.ug] if place.ug else []
        if form == Form.SHORT_TOWNSHIP:
            return list(short_forms(place.name, place.level))
        return [place.name, *region.chinese_aliases(place)]

    def _foreign_counties(self, form: Form, county: Place) -> list[str]:
        if form == Form.UYGHUR:
            return self._region.uyghur_names(county)
        names = [_folded(name) for name in self._region.latin_names(county)]
        return [*names, *self._latin_prefecture] if self._region.in_prefecture(county) else names

    def tells_village(self, parts: Parts, village: Place, township: Place) -> bool:
        """Whether the address tells its village, and no other village of the county has that name."""
        if not parts.village:
            return False
        others = [
            Levenshtein.distance(parts.village, each.name)
            for each in self._region.villages_of_county(self._region.county_of(township))
            if each.id != village.id
        ]
        own = Levenshtein.distance(parts.village, village.name)
        return all(own < other for other in others)


def _townships_by_name(region: Region) -> Mapping[str, set[int]]:
    """Give the places of today's map by every Chinese name that a township of the country has or had."""
    gazetteer = region.gazetteer
    found: dict[str, set[int]] = defaultdict(set)
    for place in gazetteer.places:
        if place.level == Level.TOWNSHIP:
            today = place.successor if place.successor >= 0 else place.id
            for name in (place.name, *(alias.name for alias in gazetteer.aliases_of.get(place.id, ()))):
                found[name].add(today)
    return found


def _latin_kinds(place: Place) -> tuple[str, ...]:
    """Give the words for a township's kind; two places of one name are told apart by them (Zepu Zhen, Zepu Xiang)."""
    kinds = {"街道": ("", " jiedao", " subdistrict"), "镇": ("", " zhen", " town"), "乡": ("", " xiang", " township")}
    return next((words for ending, words in kinds.items() if place.name.endswith(ending)), ("",))


def _nearness(written: str, names: Iterable[str]) -> int:
    return min((Levenshtein.distance(written, name) for name in names), default=len(written))


def _folded(name: str) -> str:
    return fold_latin(name) if name.isascii() else name


def _plain(township: str) -> str:
    """Write a regiment's number as the gazetteer does: 51团, 五十一团."""
    head, figures = township, ""
    if township.endswith("团"):
        head = township[:-1].rstrip("0123456789")
        figures = township[len(head) : -1]
    return f"{head}{_FIGURES[figures]}团" if figures in _FIGURES else township
