"""What divides one county below the gazetteer's places: which estate, road or polygon decides, and where none can."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from karez.address.areas.names import Heard, Name, NameFinder, Said
from karez.address.areas.numbers import gaps, unclaimed_side
from karez.address.areas.rules import KnownPlace, Rule, RuleKind
from karez.address.gazetteer import Gazetteer
from karez.address.parts.parse import parse
from karez.address.places import Level, Place
from karez.domain.ids import AreaId

_BY_NAME = (RuleKind.ESTATE, RuleKind.POI, RuleKind.ROAD)
_ROADS, _POLYGONS = frozenset({RuleKind.ROAD}), frozenset({RuleKind.POLYGON})
_SPOTS = frozenset({RuleKind.ESTATE, RuleKind.POI, RuleKind.VILLAGE})


@dataclass(frozen=True, slots=True)
class Served:
    """Which area serves an address, and why.

    Attributes
    ----------
    area
        ``None`` where no rule of the file fits.
    rule
        The rule that decided.
    explanation
        Which rule decided: a sentence of the file's own names, never of other words of the address.
    doubt
        Why another area may be meant, a sentence; empty where the rules leave no doubt.
    others
        In doubt: the areas that it may be as well.
    """

    area: AreaId | None
    rule: Rule | None
    explanation: str
    doubt: str = ""
    others: tuple[AreaId, ...] = ()

    @property
    def is_by_name(self) -> bool:
        """Whether an estate, POI or road decided, so that the township does not matter."""
        return self.rule is not None and self.rule.kind in _BY_NAME

    @property
    def in_short(self) -> str:
        """The explanation and the doubt without the names of the file: what may be kept for good of an address."""
        by = f"By a rule of area {self.area} ({self.rule.kind})." if self.rule else self.explanation
        if not self.doubt:
            return by
        others = f": {', '.join(self.others)}" if self.others else ""
        return f"{by} Another area may be meant{others}."


class LocalRules:
    """The estates, POIs, roads, polygons and villages by which areas divide one county."""

    def __init__(
        self,
        county: int,
        rules: Iterable[Rule],
        known: Sequence[KnownPlace],
        by_point: Mapping[KnownPlace, Rule],
        gazetteer: Gazetteer,
    ) -> None:
        self._gazetteer, self._rules = gazetteer, list(rules)
        own = [place for place in known if place.kind in _BY_NAME]
        pointed = [place for place in known if place.point is not None]
        self._named: dict[str, list[Rule]] = defaultdict(list)
        for rule in self._rules:
            if rule.kind in _BY_NAME:
                self._named[rule.name].append(rule)
        self._by_point = {place.name: by_point[place] for place in own if place in by_point}
        self._located = {place.name for place in pointed if place.kind in _BY_NAME}
        self._points = {place.place for place in pointed if place.kind not in _BY_NAME}
        self._points |= {town for town in gazetteer.children(county) if gazetteer.places[town].lon}
        self._finder = NameFinder(_names(self._named, own), gazetteer.lookalikes)

    def decide(self, place: Place, text: str, plain: Served) -> Served:
        """Return the area of an address.

        Parameters
        ----------
        place
            The deepest place of the gazetteer that it names.
        text
            The address, cleaned.
        plain
            What the places of the gazetteer alone decide.
        """
        heard = self._finder.hear(text, parse(text, self._gazetteer))
        by_name = self._by_estate(heard, place) or self._by_road(heard, place, plain)
        if by_name is not None:
            return by_name
        if plain.rule is not None and plain.rule.kind is RuleKind.VILLAGE:
            return self._misheard(heard, place, plain) or plain
        pointed = [rule for said in heard.said if (rule := self._by_point.get(said.name.name)) is not None]
        if pointed and len({rule.area for rule in pointed}) == 1:
            name = next(said.name.name for said in heard.said if said.name.name in self._by_point)
            return Served(pointed[0].area, pointed[0], f"{name} lies in a polygon of {pointed[0].area}.")
        return self._misheard(heard, place, plain) or self._with_doubt(heard, place, plain)

    def _by_estate(self, heard: Heard, place: Place) -> Served | None:
        """Return what the estates and POIs decide that the address names."""
        said = [each for each in heard.said if each.name.kind is not RuleKind.ROAD]
        found = [rule for each in said for rule in self._fitting(each.name.name, place)]
        return _agreed(found, lambda rule: f"{rule.name} belongs to {rule.area}.")

    def _by_road(self, heard: Heard, place: Place, plain: Served) -> Served | None:
        """Return what the roads and house numbers decide that the address names."""
        found: list[Rule] = []
        for said in heard.said:
            if said.name.kind is RuleKind.ROAD:
                rules = [rule for rule in self._fitting(said.name.name, place) if _may_take(rule, said.number)]
                doubt = _doubt_on(said, rules)
                if doubt:
                    return _in_doubt(plain, rules, doubt)
                found += rules[:1]
        return _agreed(found, _by_number)

    def _fitting(self, name: str, place: Place) -> list[Rule]:
        """Return the rules of a name that an address in a place may mean.

        Those of the place's township stand before those of its county. Where the address names no township, all
        townships' rules may be meant.
        """
        rules = self._named.get(name, [])
        around = self._deepest([rule for rule in rules if self._is_in(place, rule)])
        return around + [rule for rule in rules if rule not in around and self._is_above(place, rule)]

    def _deepest(self, rules: Sequence[Rule]) -> list[Rule]:
        """Return the rules of the smallest scope: a road of a township is meant before the same road of the county."""
        levels = [self._gazetteer.places[rule.place].level for rule in rules]
        return [rule for rule, level in zip(rules, levels, strict=True) if level == max(levels)]

    def _is_in(self, place: Place, rule: Rule) -> bool:
        scope = self._gazetteer.places[rule.place]
        return self._gazetteer.ancestor(place.id, Level(scope.level)) == scope

    def _is_above(self, place: Place, rule: Rule) -> bool:
        return self._gazetteer.ancestor(rule.place, Level(place.level)) == place

    def _misheard(self, heard: Heard, place: Place, plain: Served) -> Served | None:
        """Return what the gazetteer's places decide, in doubt, where a name or road of another area may be meant."""
        near: dict[str, list[Rule]] = {}
        for name in heard.near:
            rules = [rule for rule in self._meant(name.name, place) if rule.area != plain.area]
            if rules:
                near[name.name] = rules
        if near:
            doubt = f"{'、'.join(near)} may be meant, but is not named for certain."
            return _in_doubt(plain, [rule for rules in near.values() for rule in rules], doubt)
        roads = [rule for rule in self._rules if rule.kind is RuleKind.ROAD and rule.area != plain.area]
        meant = [rule for rule in roads if heard.unread_road and self._may_mean(place, rule)]
        doubt = "Roads decide here, and the file lacks the one named in these letters."
        return _in_doubt(plain, meant, doubt) if meant else None

    def _meant(self, name: str, place: Place) -> list[Rule]:
        """Return the rules of a name, else the polygon that it lies in, where an address in a place may mean them."""
        rules, polygon = self._fitting(name, place), self._by_point.get(name)
        if rules or polygon is None:
            return rules
        return [polygon] if self._may_mean(place, polygon) else []

    def _may_mean(self, place: Place, rule: Rule) -> bool:
        return self._is_in(place, rule) or self._is_above(place, rule)

    def _with_doubt(self, heard: Heard, place: Place, plain: Served) -> Served:
        """Return what the gazetteer's places decide, in doubt where a finer rule may apply that the address hides."""
        other = [rule for rule in self._rules if rule.area != plain.area and self._concerns(rule, place)]
        village = place.level == Level.VILLAGE
        below = village or heard.road or heard.house or heard.village
        located = any(said.name.name in self._located for said in heard.said)
        for kinds, is_told, doubt in (
            (_ROADS, heard.road or village, "Roads decide here, and the address names none that is known."),
            (_SPOTS, below, "Places below the township decide here, and the address names none that is known."),
            (_POLYGONS, located, "Polygons decide here, and no place that the address names has a point."),
        ):
            rules = [rule for rule in other if rule.kind in kinds and self._divides(rule, place, plain)]
            if rules and not is_told:
                return _in_doubt(plain, rules, doubt)
        return plain

    def _divides(self, rule: Rule, place: Place, plain: Served) -> bool:
        """Whether a rule may take an address from what serves it.

        A township that an area names is that area's, until a rule of the township itself takes a part of it, or a road
        (roads run through townships) or a village does.
        """
        in_township = self._gazetteer.places[rule.place].level == Level.TOWNSHIP
        if rule.kind is RuleKind.POLYGON and not in_township and place.id in self._points:
            return False
        if plain.rule is None or rule.kind in (RuleKind.ROAD, RuleKind.VILLAGE):
            return True
        if plain.rule.kind is RuleKind.TOWNSHIP:
            return in_township
        return plain.rule.kind is not RuleKind.POLYGON

    def _concerns(self, rule: Rule, place: Place) -> bool:
        """Whether a rule divides what the address names; what divides townships does not concern their county."""
        if rule.kind is RuleKind.VILLAGE:
            return self._gazetteer.places[rule.place].parent == place.id
        return self._is_in(place, rule)


def _names(named: Mapping[str, Sequence[Rule]], own: Iterable[KnownPlace]) -> Iterator[tuple[str, Name]]:
    """Yield every name and alias of a county's roads, estates and POIs, with what it stands for."""
    for name, rules in named.items():
        yield name, Name(name, rules[0].kind)
    for place in own:
        for text in (place.name, *place.aliases):
            yield text, Name(place.name, place.kind)


def _agreed(found: Sequence[Rule], explain: Callable[[Rule], str]) -> Served | None:
    """Return the one area that rules lead to; where they lead to several, the first in doubt."""
    if not found:
        return None
    first = found[0]
    areas = tuple(dict.fromkeys(rule.area for rule in found))
    doubt = f"It also names what belongs to {', '.join(areas[1:])}." if len(areas) > 1 else ""
    return Served(first.area, first, explain(first), doubt, areas[1:])


def _in_doubt(plain: Served, rules: Sequence[Rule], doubt: str) -> Served:
    areas = dict.fromkeys(rule.area for rule in rules)
    return replace(plain, doubt=doubt, others=tuple(area for area in areas if area != plain.area))


def _doubt_on(said: Said, rules: Sequence[Rule]) -> str:
    """Return why a road that is named does not decide; an empty text where it does, or no rule fits."""
    one = len({rule.area for rule in rules}) <= 1
    if said.number is None and rules and not (one and _is_whole(rules)):
        return f"{said.name.name} is divided by house numbers, and none can be read."
    return "" if one else f"{said.name.name} is divided by townships, and none is named."


def _is_whole(rules: Sequence[Rule]) -> bool:
    """Whether the rules leave out no number of a road."""
    ranges = [each for rule in rules for each in rule.ranges]
    begins = min(each.first for each in ranges) == 1
    ends = any(each.last is None for each in ranges)
    return begins and ends and unclaimed_side(ranges) is None and not gaps(ranges)


def _may_take(rule: Rule, number: int | None) -> bool:
    return number is None or any(number in each for each in rule.ranges)


def _by_number(rule: Rule) -> str:
    numbers = ", ".join(f"{each} numbers" if each.is_side else str(each) for each in rule.ranges)
    return f"{rule.name} {numbers} belongs to {rule.area}."
