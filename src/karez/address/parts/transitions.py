"""Which label follows which: costs in four steps, written by hand from the guideline's order and from reading."""

from karez.address.parts.labels import Label

LABELS = tuple(Label)
INDEX = {label: number for number, label in enumerate(LABELS)}
START, JOINED, DASHED = len(LABELS), len(LABELS) + 1, len(LABELS) + 2
"""States beside the labels: nothing yet; behind 与 (a road and a road); added to a number's state: behind a dash."""

STATES = DASHED + len(LABELS)

_STEPS = (0.3, 1.2, 2.2, 3.5)
_ELSE = 5.5

_AFTER: dict[str, tuple[str, str, str, str]] = {
    # label: usual, common, now and then, seldom
    "start": ("prov", "city district town road", "poi", "devzone country community"),
    "country": ("prov", "", "city", "poi"),
    "prov": ("city", "district", "", "town poi devzone road"),
    "city": ("district", "", "town road poi", "devzone community"),
    "district": ("town road", "poi", "devzone community", "roadno"),
    "devzone": ("road", "poi", "", "town community houseno roadno"),
    "town": ("road poi community", "", "", "roadno town houseno"),
    "community": ("poi road", "roadno", "assist", "houseno subpoi community roomno"),
    "road": ("roadno", "poi", "subroad assist", "houseno community subpoi town"),
    "subroad": ("subroadno", "assist poi", "", "roadno houseno roomno floorno subpoi"),
    "roadno": ("poi", "", "houseno floorno roomno subpoi assist", "cellno person subroad community"),
    "subroadno": ("poi", "roomno houseno", "assist floorno", "cellno subpoi"),
    "poi": ("houseno", "subpoi", "floorno road roomno assist roadno", "person community cellno poi town"),
    "subpoi": ("houseno", "person floorno roomno", "assist cellno", "road roadno"),
    "houseno": ("roomno cellno", "floorno", "subpoi poi person assist", "road"),
    "cellno": ("roomno", "floorno", "subpoi", "person poi houseno assist"),
    "floorno": ("person roomno", "", "cellno subpoi assist poi", "road houseno"),
    "roomno": ("person", "", "subpoi", "poi assist floorno"),
    "person": ("", "houseno roomno floorno", "assist", "person cellno"),
    "assist": ("poi subpoi", "person roadno houseno roomno", "assist floorno", "cellno community road subroad"),
    "redundant": ("prov city district", "town road poi", "", ""),
    "otherinfo": ("", "", "", "prov city district town road poi"),
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


def _row(steps: tuple[str, str, str, str], other: float) -> list[float]:
    costs = dict.fromkeys(LABELS, other)
    for step, names in zip(_STEPS, steps, strict=True):
        for name in names.split():
            costs[Label(name)] = step
    return [costs[label] for label in LABELS]


def _table() -> list[list[float]]:
    table = [_row(_AFTER[label], _ELSE) for label in LABELS]
    table += [_row(_AFTER["start"], _ELSE), _row(_AFTER["joined"], _ELSE)]
    for label in LABELS:
        behind = _AFTER_DASH.get(label)
        table.append(_row(behind, _ELSE) if behind else table[INDEX[label]])
    return table


TO: list[list[float]] = [list(column) for column in zip(*_table(), strict=True)]
"""``TO[label][state before]``: cost of a part of that label behind that state."""

_ENDS_WELL = frozenset(
    ["roadno", "road", "poi", "subpoi", "community", "houseno", "floorno", "roomno", "person", "assist"]
)
END: list[float] = [
    *(0.5 if label in _ENDS_WELL else 3.0 for label in LABELS),
    *(5.0, 5.0),
    *(1.0 if label in _ENDS_WELL else 3.0 for label in LABELS),
]
"""``END[state]``: cost of the text ending there."""

_SAY_AGAIN = {"start": 0.0, "country": 0.0, "prov": 0.0, "city": 0.0, "district": 0.0, "town": 1.0, "devzone": 2.0}
AGAIN: list[float] = [
    *(_SAY_AGAIN.get(label, 5.0) for label in LABELS),
    *(0.0, 5.0),
    *(_SAY_AGAIN.get(label, 5.0) for label in LABELS),
]
"""``AGAIN[state]``: cost of a place said twice there: people do it at the beginning, not behind the road."""
