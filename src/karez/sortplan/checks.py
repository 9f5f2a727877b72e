"""What a plan that reads well can still have wrong: unknown chutes, rules that say the same, areas nobody knows."""

from collections import Counter
from collections.abc import Collection, Iterator

from karez.sortplan.file import OTHERS, PLACES, Outlet, PlanTables, RuleTable

Place = tuple[str | int, ...]
Found = tuple[Place, str]
"""Where a fault is, as `Positions` looks it up, and what it is."""


def faults_of(tables: PlanTables, areas: Collection[str] | None) -> list[Found]:
    """Every fault, in the order of the file's parts."""
    found = [*_chutes(tables)]
    for place, outlet in outlets(tables):
        found += _outlet(place, outlet, set(tables.chutes))
    for number, rule in enumerate(tables.rule):
        if tables.exception in rule.all_chutes:
            what = f"{tables.exception} is the exception chute: it is for what cannot be sorted"
            found.append((("rule", number, "chute"), what))
        unknown = [] if areas is None else [area for area in rule.area or () if area not in areas]
        found += [(("rule", number, "area"), f"no area is called {area!r}") for area in unknown]
    return [*found, *_same(tables)]


def outlets(tables: PlanTables) -> Iterator[tuple[Place, Outlet]]:
    """Every table that names chutes, with its place."""
    for name, outlet in (
        ("intercept", tables.intercept),
        ("return", tables.return_list),
        ("oversize", tables.oversize),
        ("overweight", tables.overweight),
    ):
        if outlet is not None:
            yield (name,), outlet
    for number, rule in enumerate(tables.rule):
        yield ("rule", number), rule


def _chutes(tables: PlanTables) -> Iterator[Found]:
    for chute, times in Counter(tables.chutes).items():
        if times > 1:
            yield ("chutes",), f"{chute} is listed {times} times"
    if tables.exception not in tables.chutes:
        yield ("exception",), f"no chute is called {tables.exception!r}"


def _outlet(place: Place, outlet: Outlet, chutes: set[str]) -> Iterator[Found]:
    if outlet.chute not in chutes:
        yield (*place, "chute"), f"no chute is called {outlet.chute!r}"
    for number, other in enumerate(outlet.alternatives):
        if other not in chutes:
            yield (*place, "alternatives"), f"no chute is called {other!r}"
        elif other == outlet.chute:
            yield (*place, "alternatives"), f"{other} is the rule's first chute already"
        elif other in outlet.alternatives[:number]:
            yield (*place, "alternatives"), f"{other} is listed twice"


def _same(tables: PlanTables) -> Iterator[Found]:
    """Rules of which the second can never apply, because the first asks exactly the same."""
    first: dict[tuple[object, ...], int] = {}
    for number, rule in enumerate(tables.rule):
        for level, value in places_of(rule):
            key = (level, value, *(_unordered(getattr(rule, other)) for other in OTHERS))
            earlier = first.setdefault(key, number)
            if earlier != number:
                what = f"{level} {value} has rule {earlier + 1} already: this one could never apply"
                yield ("rule", number, level), what
            elif list(places_of(rule)).count((level, value)) > 1:
                yield ("rule", number, level), f"{value} is listed twice"


def places_of(rule: RuleTable) -> Iterator[tuple[str, str]]:
    """Level and value of each place that a rule names; ``("rest", "")`` for the rest."""
    for level in PLACES:
        value = getattr(rule, level)
        if value is True:
            yield level, ""
        elif value is not None:
            yield from ((level, each) for each in value)


def _unordered(value: tuple[str, ...] | tuple[int, int] | None) -> object:
    return frozenset(value) if value and isinstance(value[0], str) else value
