"""What a name that no list knows can be, by what it ends in and how long it is."""

from collections.abc import Sequence
from typing import NamedTuple

from karez.address.parts.labels import Label
from karez.address.parts.transitions import ESTATE, HAMLET, INDEX, MARKET
from karez.address.parts.words import BRANCHES, ENDINGS, ENDS_IN, LONGEST, QUALIFIES, WITHIN

LONGEST_NAME = 20
"""Characters."""

_LENGTH_COSTS: dict[Label, tuple[float, ...]] = {
    # cost of a name of 1, 2, 3, ... characters; beyond the last, 0.6 more for each
    Label.ROAD: (9, 1.8, 0, 1.6, 3.2, 5, 6.5, 8),
    Label.SUBROAD: (9, 0.5, 0, 1.2, 2.6, 4.5, 6, 8),
    Label.POI: (8, 1.3, 0.4, 0, 0.3, 0.7, 1.1, 1.4, 2.0, 2.2, 2.5, 2.8, 3.1, 3.5),
    Label.SUBPOI: (8, 0.5, 0.4, 0.3, 0.8, 1, 1.3, 1.6, 2, 2.2, 2.5, 3),
    Label.PERSON: (9, 1, 0.6, 0.3, 0.5, 1, 1.4, 1.8, 2, 2.2, 2.4, 3),
    Label.COMMUNITY: (9, 0.8, 0, 0.8, 2.0, 2.8, 3.4, 3.6, 3.8, 4.0),
    Label.TOWN: (9, 1.5, 0, 0.3, 2.0, 2.8, 3.4, 3.6, 3.8, 4.0),
    Label.DISTRICT: (9, 1.5, 0, 0.8, 2, 3, 4),
    Label.CITY: (9, 1.5, 0, 0.8, 2, 3, 4),
    Label.DEVZONE: (9, 2, 1.5, 1.5, 0, 0.7, 0.7, 1.5, 2),
}
_ONLY_A_DIRECTION = 2.0  # 东路, 三路: mostly the end of a longer name
_BY_LENGTH: dict[int, list[float]] = {
    INDEX[label]: [0.0, *costs, *(costs[-1] + 0.6 * more for more in range(1, LONGEST_NAME))]
    for label, costs in _LENGTH_COSTS.items()
}
_TURNED = {
    # 解放东路 is as usual a length as 解放路
    INDEX[label]: [*costs[:2], costs[2] + _ONLY_A_DIRECTION, *costs[2:]]
    for label in (Label.ROAD, Label.SUBROAD)
    for costs in (_BY_LENGTH[INDEX[label]],)
}
_TURNS = frozenset("东西南北中一二三四五六七八九十大")

_UNMARKED = tuple(
    (INDEX[label], cost)
    for label, cost in (
        (Label.POI, 0.5),
        (Label.SUBPOI, 1.7),
        (Label.PERSON, 1.5),
        (Label.COMMUNITY, 1.6),
        (Label.TOWN, 4.5),
        (Label.ROAD, 3.2),
    )
)
"""A name may also end without any such ending, where it has to end: before a number, a mark, a known name."""

_MARKED = {word: tuple((INDEX[label], cost) for label, cost in options) for word, options in ENDINGS.items()}
_POI, _SUBPOI, _PERSON, _ROAD, _SUBROAD = (
    INDEX[label] for label in (Label.POI, Label.SUBPOI, Label.PERSON, Label.ROAD, Label.SUBROAD)
)
_DISTRICT, _CITY = INDEX[Label.DISTRICT], INDEX[Label.CITY]
_AS_SUBPOI, _AS_PERSON, _PART_AS_PERSON = 0.7, 1.5, 1.0  # what ends a POI ends parts of one, and companies in one
_BRANCH = 3.0  # 工商银行平阳支行, 浙江大学紫金港校区 are one name
_WEAK_END = 2.6  # 园 or 科技 is seldom the end of a name where nothing shows that another part follows
_HELD = {_POI: 1.0, _SUBPOI: 1.0, _PERSON: 1.0, INDEX[Label.DEVZONE]: 1.0, _DISTRICT: -1.0, INDEX[Label.CITY]: -1.0}
_HAMLET = -2.5
_COMMITTEE = ("村民", "村委")  # what ends with it is longer: 村民委员会, 村委会


class Option(NamedTuple):
    """One label that a name can have by what it ends in.

    Attributes
    ----------
    cost, by_length
        Of the ending, and of its length in characters.
    held
        How much of what stands inside (endings, known names) counts for it: POIs hold such, districts do not.
    state
        What the next part sees.
    """

    label: int
    cost: float
    by_length: Sequence[float]
    held: float
    state: int


def options(text: str, end: int, is_stop: bool) -> tuple[Option, ...]:
    """Return what a name that ends at ``end`` can be; ``is_stop``: a name has to end there at the latest."""
    costs: dict[int, float] = {}
    if text[end - 1] in ENDS_IN:
        costs = _marked(text, end)
        if costs.get(_POI, -9.0) >= QUALIFIES and not is_stop:
            for label in (_POI, _SUBPOI, _PERSON):
                costs[label] += _WEAK_END
    if is_stop:
        for label, cost in _UNMARKED:
            costs[label] = min(cost, costs.get(label, cost))
    turned = end > 1 and text[end - 2] in _TURNS
    return tuple(
        Option(
            label,
            cost,
            _TURNED[label] if turned and label in _TURNED else _BY_LENGTH[label],
            _HELD.get(label, 0.0),
            _place(text, end, cost) if label == _POI else label,
        )
        for label, cost in costs.items()
    )


def _marked(text: str, end: int) -> dict[int, float]:
    """Return label → cost by the endings that stand before ``end``."""
    if text.startswith(_COMMITTEE, end - 1) or text.startswith("社区居委", end - 2):
        return {}
    costs: dict[int, float] = {}
    for length in range(1, min(LONGEST, end) + 1):
        found = _MARKED.get(text[end - length : end])
        if found and length > 1:
            costs.pop(_DISTRICT, None)  # 小区, 工业区, 南区
            costs.pop(_CITY, None)
        for label, cost in found or ():
            costs[label] = min(cost, costs.get(label, cost))
    if text.startswith("市场", end - 1):
        costs.pop(_DISTRICT, None)
        costs.pop(_CITY, None)
    if _POI in costs:
        costs[_SUBPOI] = min(costs[_POI] + _AS_SUBPOI, costs.get(_SUBPOI, 9.0))
        costs[_PERSON] = min(costs[_POI] + _AS_PERSON, costs.get(_PERSON, 9.0))
        if text.endswith(BRANCHES, 0, end):
            costs[_SUBPOI] += _BRANCH
    elif _SUBPOI in costs:
        costs[_PERSON] = min(costs[_SUBPOI] + _PART_AS_PERSON, costs.get(_PERSON, 9.0))
    if _ROAD in costs:
        costs[_SUBROAD] = min(costs[_ROAD], costs.get(_SUBROAD, 9.0))
    return costs


def _place(text: str, end: int, cost: float) -> int:
    """Return the state behind a POI: numbers behind estates are buildings, behind markets stalls.

    What hardly says that it is one (``cost``) is mostly a hamlet: 石岸头, 梁家埠, 凤凰村.
    """
    if text[end - 1] in "区苑园":
        return ESTATE
    if cost > _HAMLET:
        return HAMLET
    return MARKET if text[end - 1] == "城" or text.endswith("市场", 0, end) else _POI


def within(text: str, end: int) -> float:
    """Return what the ending of a POI that stands before ``end`` is worth inside a longer name."""
    if text[end - 1] not in ENDS_IN:
        return 0.0
    return min(WITHIN.get(text[end - length : end], 0.0) for length in range(1, min(LONGEST, end) + 1))
