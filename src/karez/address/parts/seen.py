"""What stood anywhere before: an address's second POI is a part of the first, its second road crosses the first."""

from karez.address.parts.labels import Label
from karez.address.parts.transitions import LABELS

_SEES: dict[Label, tuple[int, ...]] = {
    # what was seen before (0 nothing, 1 a POI, 2 a POI in it; 3 more where a road was) → what has been seen then
    Label.POI: (1, 1, 2, 4, 4, 5),
    Label.PERSON: (1, 1, 2, 4, 4, 5),
    Label.SUBPOI: (2, 2, 2, 5, 5, 5),
    Label.ROAD: (3, 4, 5, 3, 4, 5),
}
_NOTHING_NEW = (0, 1, 2, 3, 4, 5)
SEES: list[tuple[int, ...]] = [_SEES.get(label, _NOTHING_NEW) for label in LABELS]
"""``SEES[label][seen]``: what has been seen behind a part of that label."""

_COSTS: dict[Label, tuple[float, ...]] = {
    Label.POI: (0.0, 4.0, 6.0, 0.0, 4.0, 6.0),
    Label.SUBPOI: (6.0, 0.0, 5.0, 6.0, 0.0, 5.0),
    Label.PERSON: (1.0, 0.0, 0.4, 1.0, 0.0, 0.4),
    Label.ROAD: (0.0, 0.0, 0.0, 5.0, 5.0, 5.0),
    Label.SUBROAD: (5.0, 4.0, 4.0, 0.0, 1.0, 1.0),
    Label.ROADNO: (0.0, 0.0, 0.0, 0.0, 2.0, 2.0),
    Label.SUBROADNO: (3.0, 3.0, 3.0, 0.0, 0.0, 0.0),
}
SEEN_BEFORE: list[list[float]] = [
    [_COSTS[label][seen] if label in _COSTS else 0.0 for label in LABELS] for seen in _NOTHING_NEW
]
"""``SEEN_BEFORE[seen][label]``: cost of a part of that label where that was seen."""
