"""What a drawn address of the Kashi region tells, by the gazetteer's names alone: its township, its village, or not."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from rapidfuzz.distance import Levenshtein

from karez.address.names import short_forms
from karez.address.normalise import chinese_number
from karez.address.places import Level, Place
from karez.address.scripts import fold_latin, fold_uyghur, is_arabic, uyghur_stem
from karez.bench.address.kashi_forms import Form, Parts
from karez.bench.address.kashi_region import Region, TownshipRow

_FIGURES = {str(number): chinese_number(number) for number in range(1, 100)}


class KashiTruth:
    """Compares what is written with the names of every other place that it could mean.

    A township is told where the written names of county and township are nearer to it than to any other township of
    the region, today's or of the past, written in the same form; nearness is the number of characters to change. Where
    no county is written, its name must be of no other township of the prefecture, of Xinjiang, or of the country,
    whichever is the smallest that is named. What is also a name of its county (泽普, Zepu) tells no township. A village
    is told where its name is nearer to what is written than that of any other village of the county.
    """

    def __init__(self, region: Region) -> None:
        self._region = region
        self._named = _townships_by_name(region)
        self._latin_prefecture = {fold_latin(name) for name in region.latin_names(region.prefecture)}
        self._short_prefecture = short_forms(region.prefecture.name, Level.PREFECTURE)

    def tells_township(self, form: Form, parts: Parts, township: Place) -> bool:
        """Whether the address tells its township."""
        if form == Form.VILLAGE_ALONE:
            return True  # as far as its village is told, which is asked apart
        if not parts.township:
            return False
        if not parts.county:
            return self._is_alone(parts, township)
        if _folded(parts.township) in self._names_of_county(form, township):
            return False
        return self._is_nearest(form, parts, township)

    def _is_alone(self, parts: Parts, township: Place) -> bool:
        """Whether the name is of no other township of the smallest place that is named above it."""
        rows = self._named[_plain(parts.township)]
        for level, name, word in ((Level.PREFECTURE, "喀什地区", "喀什"), (Level.PROVINCE, "新疆维吾尔自治区", "新疆")):
            if word in parts.above:
                within = {today for place, today in rows if self._region.gazetteer.name_above(place, level) == name}
                return within == {township.id}
        return {today for _, today in rows} == {township.id}

    def _names_of_county(self, form: Form, township: Place) -> set[str]:
        return {_folded(name) for name in self._own_names(form, self._region.county_of(township))}

    def _own_names(self, form: Form, county: Place) -> list[str]:
        region = self._region
        scripts = {Form.UYGHUR: region.uyghur_names, Form.LATIN: region.latin_names}
        return scripts.get(form, region.chinese_names)(county)

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
        counties = self._counties(form, row.county)
        return _nearness(_folded(parts.county), counties) + _nearness(_plain(_folded(parts.township)), names)

    def _names(self, form: Form, row: TownshipRow) -> list[str]:
        region, place = self._region, row.place
        if form == Form.LATIN:
            return [_folded(name + kind) for name in region.latin_names(place) for kind in _latin_kinds(place)]
        if form == Form.UYGHUR:
            return [_folded(place.ug)] if place.ug else []
        if form == Form.SHORT_TOWNSHIP:
            return list(short_forms(place.name, place.level))
        return [place.name, *region.chinese_aliases(place)]

    def _counties(self, form: Form, county: Place) -> list[str]:
        """Give the names that a county is written by; 喀什 alone may be the prefecture, and then any county of it."""
        names = [_folded(name) for name in self._own_names(form, county)]
        if form == Form.UYGHUR or not self._region.in_prefecture(county):
            return names
        return [*names, *(self._latin_prefecture if form == Form.LATIN else self._short_prefecture)]

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


def _townships_by_name(region: Region) -> Mapping[str, set[tuple[int, int]]]:
    """Give, by every Chinese name that a township of the country has or had, the row and the place of today's map."""
    gazetteer = region.gazetteer
    found: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for place in gazetteer.places:
        if place.level == Level.TOWNSHIP:
            today = place.successor if place.successor >= 0 else place.id
            for name in (place.name, *(alias.name for alias in gazetteer.aliases_of.get(place.id, ()))):
                found[name].add((place.id, today))
    return found


def _latin_kinds(place: Place) -> tuple[str, ...]:
    """Give the words for a township's kind; two places of one name are told apart by them (Zepu Zhen, Zepu Xiang)."""
    kinds = {"街道": ("", " jiedao", " subdistrict"), "镇": ("", " zhen", " town"), "乡": ("", " xiang", " township")}
    return next((words for ending, words in kinds.items() if place.name.endswith(ending)), ("",))


def _nearness(written: str, names: Iterable[str]) -> int:
    return min((Levenshtein.distance(written, name) for name in names), default=len(written))


def _folded(name: str) -> str:
    """Bring Latin and Uyghur names to one spelling; Chinese ones stay."""
    if name.isascii():
        return fold_latin(name)
    return uyghur_stem(fold_uyghur(name)) if is_arabic(name) else name


def _plain(township: str) -> str:
    """Write a regiment's number as the gazetteer does: 51团, 五十一团."""
    head, figures = township, ""
    if township.endswith("团"):
        head = township[:-1].rstrip("0123456789")
        figures = township[len(head) : -1]
    return f"{head}{_FIGURES[figures]}团" if figures in _FIGURES else township
