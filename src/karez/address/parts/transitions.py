"""Which label follows which: costs in four steps, written by hand from the guideline's order and from reading."""

from karez.address.parts.labels import Label

LABELS = tuple(Label)
INDEX = {label: number for number, label in enumerate(LABELS)}
START, JOINED, ESTATE, MARKET, BARE, DASHED = range(len(LABELS), len(LABELS) + 6)
"""States beside the labels: nothing yet; behind 与 (a road and a road), behind an estate or an
area (a POI whose buildings have numbers), behind a market (its stalls have), behind
a short name that the text begins with; added to a number's state: behind a dash."""

STATES = DASHED + len(LABELS)

_STEPS = (0.3, 1.2, 2.2, 3.5)
_ELSE, _BACKWARDS = 5.5, 4.0

_AFTER: dict[str, tuple[str, str, str, str]] = {
    # label: usual, common, now and then, seldom
    "start": ("prov", "city district town road", "poi devzone", "country community"),
    "country": ("prov", "", "city", "poi"),
    "prov": ("city", "district", "", "town poi devzone road"),
    "city": ("district", "", "town road poi devzone", "community"),
    "district": ("town road", "poi", "devzone community", "roadno"),
    "devzone": ("road", "poi", "", "town community houseno roadno"),
    "town": ("road community", "poi", "", "roadno town houseno"),
    "community": ("poi road", "roadno", "assist", "houseno subpoi community roomno"),
    "road": ("roadno", "poi", "subroad assist subpoi", "houseno community"),
    "subroad": ("subroadno", "assist poi", "", "roadno houseno roomno floorno subpoi"),
    "roadno": ("poi", "subpoi", "houseno floorno roomno assist", "cellno person subroad community"),
    "subroadno": ("poi", "roomno houseno", "assist floorno", "cellno subpoi"),
    "poi": ("houseno", "road", "subpoi floorno roadno roomno assist", "person community cellno poi"),
    "subpoi": ("houseno", "person floorno roomno", "assist cellno", "road roadno"),
    "houseno": ("roomno cellno", "floorno", "subpoi poi person assist", "road"),
    "cellno": ("roomno", "floorno", "subpoi", "person poi houseno assist"),
    "floorno": ("person roomno", "", "cellno subpoi assist poi", "road houseno"),
    "roomno": ("", "person", "subpoi", "poi assist floorno"),
    "person": ("", "houseno roomno floorno", "assist", "person cellno"),
    "assist": ("poi subpoi", "person roadno houseno roomno", "assist floorno", "cellno community road subroad"),
    "redundant": ("prov city district", "town road poi", "", ""),
    "otherinfo": ("", "", "", "prov city district town road poi"),
    "estate": ("houseno", "subpoi road", "floorno roomno assist", "roadno person community cellno poi"),
    "market": ("houseno roomno", "road", "subpoi floorno roadno assist", "person community cellno poi"),
    "bare": ("road town", "community", "poi", "devzone roadno"),
    "joined": ("subroad", "road", "", "poi subpoi assist"),
}

_AFTER_DASH: dict[str, tuple[str, str, str, str]] = {
    "roadno": ("houseno", "roomno poi", "cellno", ""),
    "subroadno": ("houseno", "roomno", "", ""),
    "houseno": ("cellno roomno", "", "floorno", ""),
    "cellno": ("roomno", "floorno", "", ""),
    "floorno": ("roomno", "person", "", ""),
    "roomno": ("", "person", "roomno", ""),
}


_NEVER = {
    "country": "prov city district town road poi",
    "prov": "city district town road poi community devzone",
    "city": "district town road poi community devzone",
    "district": "town road poi community devzone",
    "town": "road roadno poi subpoi community houseno",
}
"""Label → those before it that make it all but impossible: the order runs from coarse to fine."""


def _row(steps: tuple[str, str, str, str], other: float) -> list[float]:
    costs = dict.fromkeys(LABELS, other)
    for step, names in zip(_STEPS, steps, strict=True):
        for name in names.split():
            costs[Label(name)] = step
    return [costs[label] for label in LABELS]


def _table() -> list[list[float]]:
    table = [_row(_AFTER[label], _ELSE) for label in LABELS]
    table += [_row(_AFTER[state], _ELSE) for state in ("start", "joined", "estate", "market", "bare")]
    for label in LABELS:
        behind = _AFTER_DASH.get(label)
        table.append(_row(behind, _ELSE) if behind else table[INDEX[label]])
    for label, before in _NEVER.items():
        for name in before.split():
            table[INDEX[Label(name)]][INDEX[Label(label)]] += _BACKWARDS
    return table


TO: list[list[float]] = [list(column) for column in zip(*_table(), strict=True)]
"""``TO[label][state before]``: cost of a part of that label behind that state."""

_ENDS: dict[str, float] = {
    **dict.fromkeys(("roadno", "poi", "subpoi", "floorno", "roomno", "person", "assist"), 0.5),
    **{"road": 0.8, "community": 0.5, "houseno": 0.5, "cellno": 1.5, "subroadno": 0.8, "devzone": 2.0},
}
END: list[float] = [
    *(_ENDS.get(label, 3.0) for label in LABELS),
    *(5.0, 5.0, 0.5, 0.5, 2.0),
    *(_ENDS.get(label, 3.0) + 0.5 for label in LABELS),
]
"""``END[state]``: cost of the text ending there."""

_SAY_AGAIN: dict[int, dict[str, float]] = {
    # level of the place that is said twice (0: any) → label before → cost
    1: {"start": 2.5, "country": 2.5, "prov": 2.5, "city": 3.5, "district": 4.5, "town": 5.0},
    2: {"start": 2.5, "country": 2.5, "prov": 2.7, "city": 3.0, "district": 3.0, "town": 3.5},
    3: {"start": 2.5, "country": 2.5, "prov": 2.7, "city": 2.7, "district": 2.0, "town": 3.0},
    4: {"start": 2.7, "country": 2.7, "prov": 3.0, "city": 3.0, "district": 3.5, "town": 3.0},
}


def _again(costs: dict[str, float]) -> list[float]:
    by_label = [costs.get(label, 8.0) for label in LABELS]
    return [*by_label, costs["start"], 8.0, 8.0, 8.0, 4.0, *by_label]


AGAIN: list[list[float]] = [[], *(_again(_SAY_AGAIN[level]) for level in range(1, 5))]
"""``AGAIN[level][state]``: cost of a place of that level said twice: at the beginning, not behind the road."""


_SEES: dict[Label, tuple[int, ...]] = {
    # what has been seen before (0 nothing, 1 a POI, 2 a POI in it; 3 more where a road has) → what has been seen then
    Label.POI: (1, 1, 2, 4, 4, 5),
    Label.PERSON: (1, 1, 2, 4, 4, 5),
    Label.SUBPOI: (2, 2, 2, 5, 5, 5),
    Label.ROAD: (3, 4, 5, 3, 4, 5),
}
_NOTHING_NEW = (0, 1, 2, 3, 4, 5)
SEES: list[tuple[int, ...]] = [_SEES.get(label, _NOTHING_NEW) for label in LABELS]
"""``SEES[label][seen]``: what has been seen behind that label."""

_PREMISES: dict[Label, tuple[float, ...]] = {
    Label.POI: (0.0, 4.0, 6.0, 0.0, 4.0, 6.0),
    Label.SUBPOI: (6.0, 0.0, 5.0, 6.0, 0.0, 5.0),
    Label.PERSON: (2.5, 0.0, 0.0, 2.5, 0.0, 0.0),
    Label.ROAD: (0.0, 0.0, 0.0, 5.0, 5.0, 5.0),
    Label.SUBROAD: (5.0, 4.0, 4.0, 0.0, 1.0, 1.0),
    Label.ROADNO: (0.0, 0.0, 0.0, 0.0, 2.0, 2.0),
    Label.SUBROADNO: (3.0, 3.0, 3.0, 0.0, 0.0, 0.0),
}
SEEN_BEFORE: list[list[float]] = [
    [_PREMISES[label][seen] if label in _PREMISES else 0.0 for label in LABELS] for seen in _NOTHING_NEW
]
"""``SEEN_BEFORE[seen][label]``: the first POI is one, the second a POI in it, then comes somebody; roads likewise."""
