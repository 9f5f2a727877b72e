"""Which label follows which: costs in four steps, written by hand.

The order is that of the NCAP guideline; which steps are usual and which are rare was learned by reading labelled
addresses. Costs here and in the modules beside are of the size of natural logarithms of odds, set by hand and in coarse
steps: nothing is trained, and nothing of that data is in this package (it has no licence).
"""

from karez.address.parts.labels import Label

LABELS = tuple(Label)
INDEX = {label: number for number, label in enumerate(LABELS)}
START, JOINED, ESTATE, MARKET, HAMLET, BARE, DASHED = range(len(LABELS), len(LABELS) + 7)
"""States beside the labels: nothing yet; behind 与 (between two roads); behind an estate (a POI whose buildings have
numbers); behind a market (its stalls have); behind a hamlet, or what may be one (its houses are counted as along a
road); behind a short place name that the text begins with. `DASHED` is added to a label's state: the same, behind a
dash."""

_NAMED = dict(zip(("start", "joined", "estate", "market", "hamlet", "bare"), range(START, DASHED), strict=True))

STATES = DASHED + len(LABELS)

_STEPS = (0.3, 1.2, 2.2, 3.5)
_ELSE = 5.5
_BACKWARDS = 4.0  # added where the order would run from fine to coarse

_AFTER: dict[str, tuple[str, str, str, str]] = {
    # label: usual, common, now and then, seldom
    "start": ("prov", "city district town road", "poi devzone", "country community"),
    "country": ("prov", "", "city", "poi"),
    "prov": ("city", "district", "", "town poi devzone road"),
    "city": ("district", "", "town road poi devzone", "community"),
    "district": ("town road", "poi", "devzone community", "roadno"),
    "devzone": ("road", "poi", "", "town community houseno roadno"),
    "town": ("road community", "poi", "", "roadno town houseno"),
    "community": ("poi road", "roadno", "assist", "houseno subpoi roomno"),
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
    "assist": ("poi subpoi", "person houseno roomno", "roadno assist floorno", "cellno community road subroad"),
    "redundant": ("prov city district", "town road poi", "", ""),
    "otherinfo": ("", "", "", "prov city district town road poi"),
    "estate": ("houseno", "subpoi road", "floorno roomno assist", "roadno person community cellno poi"),
    "market": ("houseno roomno", "road", "subpoi floorno roadno assist", "person community cellno poi"),
    "hamlet": ("houseno roadno", "road floorno", "subpoi roomno assist", "person community cellno poi"),
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


_FINE = "road subroad roadno subroadno poi estate market hamlet subpoi houseno cellno floorno roomno person assist"
"""Behind these the name of a city is the beginning of a company's: 500号嘉善县人才市场."""

_NEVER = {
    "country": "prov city district town road poi",
    "prov": f"city district town community devzone {_FINE}",
    "city": f"district town community devzone {_FINE}",
    "district": f"town community devzone {_FINE}",
    "town": "road roadno poi subpoi community houseno",
    "devzone": "town",
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
    table += [_row(_AFTER[name], _ELSE) for name in _NAMED]
    for label in LABELS:
        dashed = _AFTER_DASH.get(label)
        table.append(_row(dashed, _ELSE) if dashed else list(table[INDEX[label]]))
    for after, before in _NEVER.items():
        for name in before.split():
            states = (_NAMED[name],) if name in _NAMED else (INDEX[Label(name)], INDEX[Label(name)] + DASHED)
            for state in states:
                table[state][INDEX[Label(after)]] += _BACKWARDS
    return table


TO: list[list[float]] = [list(column) for column in zip(*_table(), strict=True)]
"""``TO[label][state before]``: cost of a part of that label behind that state."""

_ENDS: dict[str, float] = {
    **dict.fromkeys(("roadno", "floorno", "roomno", "assist"), 0.5),
    **{"poi": 0.8, "subpoi": 1.0, "person": 0.5},
    **{"road": 0.8, "community": 0.5, "houseno": 0.5, "cellno": 1.5, "subroadno": 0.8, "devzone": 2.0},
}
END: list[float] = [
    *(_ENDS.get(label, 3.0) for label in LABELS),
    *(5.0, 5.0, 0.5, 0.5, 0.5, 2.0),
    *(_ENDS.get(label, 3.0) + 0.5 for label in LABELS),
]
"""``END[state]``: cost of the text ending there."""

_SAY_AGAIN: dict[int, dict[str, float]] = {
    # level of the place that is said twice → label before → cost
    1: {"start": 2.5, "country": 2.5, "prov": 2.5, "city": 3.5, "district": 3.8, "town": 5.0},
    2: {"start": 2.5, "country": 2.5, "prov": 2.7, "city": 3.0, "district": 3.0, "town": 3.5},
    3: {"start": 2.5, "country": 2.5, "prov": 2.7, "city": 2.7, "district": 2.0, "town": 3.0},
    4: {"start": 2.7, "country": 2.7, "prov": 3.0, "city": 3.0, "district": 3.5, "town": 3.0},
}


def _again(costs: dict[str, float]) -> list[float]:
    by_label = [costs.get(label, 8.0) for label in LABELS]
    return [*by_label, costs["start"], 8.0, 8.0, 8.0, 8.0, 4.0, *by_label]


AGAIN: list[list[float]] = [[], *(_again(_SAY_AGAIN[level]) for level in range(1, 5))]
"""``AGAIN[level][state]``: cost of a place of that level said twice: at the beginning, not behind the road."""
