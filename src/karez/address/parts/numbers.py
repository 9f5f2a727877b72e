"""Numbers in an address: what 12号, 3幢, 二单元, 501室 or a bare 1206 can mean."""

import re

from karez.address.parts.labels import Label
from karez.address.parts.lattice import Edge
from karez.address.parts.transitions import INDEX

_CORE = (
    r"(?:[第负甲乙附]?(?:[A-Za-z]{0,3}[0-9]+(?:[A-Za-z]{1,2}(?![A-Za-z])[0-9]*)?)"
    r"|[A-Za-z]{1,2}(?![A-Za-z])|[第负]?[一二三四五六七八九十百零〇两]+)"
)
_NUMBER = re.compile(rf"{_CORE}(?:[-—–~～至、_/]+{_CORE}(?![楼座单]))*")
_FIRST = re.compile(_CORE)
_CHINESE = re.compile(r"[第负]?[一二三四五六七八九十百零〇两]+")

_UNIT_COSTS: dict[str, str] = {
    "号": "roadno .2 subroadno .2 houseno 2.2 cellno 2.3 roomno 2.3",
    "号楼": "houseno .3 floorno 5",
    "号院": "poi 1.5 subpoi 2",
    "号门": "subpoi 1.5 person 1.5",
    "号房": "roomno .5",
    "号店": "roomno 1",
    "号铺": "roomno 1",
    "号商铺": "roomno 1 cellno 3",
    "号库": "houseno 1",
    "幢": "houseno .3",
    "栋": "houseno .3",
    "撞": "houseno 2",
    "座": "houseno .3",
    "塔楼": "houseno 1",
    "排": "houseno 1 subpoi 2.5",
    "单元": "cellno .3",
    "单无": "cellno 1.5",
    "门": "cellno 2.5 subpoi 3",
    "楼": "floorno .2 houseno 4.5",
    "层": "floorno .2",
    "室": "roomno .2",
    "房": "roomno .4",
    "房间": "roomno .8",
    "办公室": "roomno 1",
    "市": "roomno 2.5",
    "铺": "roomno 1",
    "店": "roomno 2",
    "档": "roomno 1",
    "商位": "roomno 1",
    "户": "roomno 1",
    "间": "roomno 1",
    "弄": "roadno .3 subroad .9 subroadno 2",
    "支弄": "subroad .5",
    "巷": "subroad .5 roadno 3",
    "组": "road .3",
    "社": "road 2",
    "队": "road .8",
    "街": "cellno .8 road 3.5",
    "路": "road 4",
    "号路": "road .5",
    "号大街": "road .5",
    "大街": "road .5",
    "期": "subpoi .3 person 4 poi 4",
    "区": "subpoi 2 person 5.5 poi 5",
    "地块": "subpoi 1 person 1",
    "团": "town .3",
    "连": "community .3",
    "营": "community 2",
    "村": "community .5",
}
"""Unit → labels with their cost; the label before decides most of it."""

_UNIT_BONUS = -2.0  # 幢 or 单元 behind a number says more than 号

_Options = tuple[tuple[int, float], ...]


def _parse(options: str, bonus: float = 0.0) -> _Options:
    words = options.split()
    return tuple(
        (INDEX[Label(label)], float(cost) + bonus) for label, cost in zip(words[::2], words[1::2], strict=True)
    )


_UNITS = {unit: _parse(options, 0.0 if unit == "号" else _UNIT_BONUS) for unit, options in _UNIT_COSTS.items()}
_LONGEST_UNIT = max(map(len, _UNITS))
_COUNTED = (
    # what 号 behind one, two, three, more digits means
    _parse("roadno .2 subroadno .2 houseno 2.4 cellno 1.3 roomno 2.6"),
    _parse("roadno .2 subroadno .2 houseno 2.4 cellno 1.3 roomno 2.6"),
    _parse("roadno .2 subroadno .2 houseno 2.4 cellno 2.8 roomno 2.2"),
    _parse("roadno .2 subroadno .2 houseno 4.0 cellno 4.0 roomno 1.3"),
)
_LONG_LANE = _parse("roadno .3 subroad 3 subroadno 3.5", _UNIT_BONUS)  # 1805弄 counts along the road, 5弄 is a lane
_SHORT = _parse("houseno 1.0 cellno .6 roomno 2.4 roadno 2.2 subroadno 2.2 floorno 4.5")
_LONG = _parse("roomno .2 roadno 1.8 subroadno 2.2 houseno 2.4 cellno 3.6 floorno 5")
_BEFORE_DASH = _parse("houseno 1 cellno 1 roadno 1.8 subroadno 2 roomno 4 floorno 4")
_LETTER = _parse("houseno 1 cellno 2.5 roomno 4 subpoi 5")
_FLOOR = _parse("floorno .3 roomno 2 houseno 3", _UNIT_BONUS)
_PHONE = _parse("otherinfo 0")
_PHONE_DIGITS = 8  # no building has so many

_DASHES = ("-", "—", "–", "_")
_STARTS = frozenset("0123456789第负甲乙附一二三四五六七八九十百零〇两")
_STREETS = frozenset(("路", "街"))  # 文三路 is a name, no number
_CHINESE_BONUS = -5.0  # 六幢 stands against being part of a name; digits hardly do
_TOWER = re.compile(r"(?<![0-9A-Za-z-])[0-9]{1,3}[A-Za-z](?=[0-9]{2,4}(?![0-9A-Za-z-]))")
_TOWER_COST = -1.0
_PAIR = re.compile(r"([0-9]+)[-—–~～至、_/]+([0-9]+)")
_CHAIN_COST = 8.0
_WIDEST_RANGE = 30
_ROW_COST = 2.0  # 1-155号 along a road is a row of shops
_A_ROOM, _PART_OF_A_ROOM = 100, 2.5  # 502-2
_BUILDINGS = frozenset("幢栋")  # 2-8栋 is one building
_ROADNO, _HOUSENO, _ROOMNO = (INDEX[label] for label in (Label.ROADNO, Label.HOUSENO, Label.ROOMNO))


def number_edges(text: str, start: int) -> list[Edge]:
    """Return the parts that a number at ``start`` can be; none where no number starts there."""
    first = text[start]
    if first not in _STARTS and not (first.isascii() and first.isalpha()):
        return []
    if start and first.isascii() and text[start - 1].isascii() and text[start - 1].isalnum():
        return _behind_a_tower(text, start)
    match = _FIRST.match(text, start)
    if match is None:
        return []
    edges = _with_unit(text, start, match.end(), 0.0)
    tower = _TOWER.match(text, start)
    if tower is not None:
        edges.append((tower.end(), _HOUSENO, _TOWER_COST, _HOUSENO))
    longest = _NUMBER.match(text, start)
    if longest is not None and longest.end() > match.end() and text[longest.end() : longest.end() + 1] not in _DASHES:
        edges += _joined(text, start, longest)
    return edges


def _behind_a_tower(text: str, start: int) -> list[Edge]:
    """Return the room whose number is written right behind its building: 413 of 7C413."""
    if not any(match.end() == start for match in _TOWER.finditer(text, max(0, start - 5), start + 5)):
        return []
    room = _FIRST.match(text, start)
    edges = _with_unit(text, start, room.end(), 0.0) if room is not None else []
    return [edge for edge in edges if edge[1] == _ROOMNO]


def _joined(text: str, start: int, numbers: re.Match[str]) -> list[Edge]:
    """Return the parts that 121-125 or 8-501 can be as one: mostly it is a range, or two parts."""
    pair = _PAIR.fullmatch(numbers[0])
    first, last = (int(pair[1]), int(pair[2])) if pair is not None else (0, 0)
    edges: list[Edge] = []
    for end, label, cost, state in _with_unit(text, start, numbers.end(), 0.0):
        if first < last <= first + _WIDEST_RANGE or (label == _HOUSENO and text[end - 1] in _BUILDINGS):
            more = 0.0
        elif first < last and label == _ROADNO:
            more = _ROW_COST
        elif first >= _A_ROOM and label == _ROOMNO:
            more = _PART_OF_A_ROOM
        else:
            more = _CHAIN_COST
        edges.append((end, label, cost + more, state))
    return edges


def _with_unit(text: str, start: int, end: int, extra: float) -> list[Edge]:
    number = text[start:end]
    is_chinese = _CHINESE.fullmatch(number) is not None
    if is_chinese:
        extra += _CHINESE_BONUS
    edges: list[Edge] = []
    for length in range(1, min(_LONGEST_UNIT, len(text) - end) + 1):
        unit = text[end : end + length]
        if not (is_chinese and unit in _STREETS):
            edges += [(end + length, label, cost + extra, label) for label, cost in _options(number, unit)]
    if not is_chinese:
        before_dash = text[end : end + 1] in _DASHES and text[end + 1 : end + 2].isalnum()
        edges += [(end, label, cost + extra, label) for label, cost in _bare(number, before_dash)]
    return edges


def _options(number: str, unit: str) -> _Options:
    if unit == "号" and number.isdigit():
        return _COUNTED[min(len(number), len(_COUNTED)) - 1]
    if unit == "弄" and len(number) > 2:
        return _LONG_LANE
    return _UNITS.get(unit, ())


def _bare(number: str, before_dash: bool) -> _Options:
    digits = sum(map(str.isdigit, number))
    if len(number) >= _PHONE_DIGITS:
        return _PHONE
    if number[-1] in "Ff" and digits:
        return _FLOOR
    if before_dash:
        return _BEFORE_DASH
    if not digits:
        return _LETTER
    return _SHORT if digits < 3 else _LONG
