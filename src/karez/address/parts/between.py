"""What stands between names and numbers: marks, 对面 and 交叉口, distances, words to the courier, roads by number."""

import re

from karez.address.parts.labels import Label
from karez.address.parts.lattice import KEEP, KEEP_DASHED, NOTHING, Edge
from karez.address.parts.transitions import INDEX, JOINED
from karez.address.parts.words import BESIDE, JOINS, REMARKS, TO_THE_COURIER

_ASSIST, _REDUNDANT, _ROAD, _PROV, _CITY = (
    INDEX[label] for label in (Label.ASSIST, Label.REDUNDANT, Label.ROAD, Label.PROV, Label.CITY)
)
_SPACE = re.compile(r"\s+")
_MARK = re.compile(r"[^\w\s]+|_+")
BARRIER = re.compile(r"(?!\([0-9]+\)村|(?<=[0-9])\)村)(?:[^\w\s]|_)|\s")
"""What no name runs across; a village's number in brackets, 夏马勒巴格(14)村, is inside its name."""

_BESIDE = re.compile("|".join(BESIDE))
_COURIER = re.compile("|".join(TO_THE_COURIER) + "|[收转](?![一-鿿])")
_REMARK = re.compile("(?:" + "|".join(REMARKS) + ")[一-鿿]*")
_DISTANCE = re.compile(
    r"(?:以|往|向|朝|进|直行)?[东西南北]{0,2}(?:方向)?(?:走|行|约|大约)?[0-9]+(?:余|多)?(?:公里|千米|米)(?:左右|处)?"
)
_NUMBERED_ROAD = re.compile(
    r"[国省县乡]道[A-Z]?[0-9]+(?:线|公路)?|[GSXY]?[0-9]+(?:国道|省道|县道|乡道)|[GSXY][0-9]{3}线?"
)
_DIVISION = re.compile(
    r"(?:兵团)?(?:农|第)(?:[一二三四五六七八九十]{1,3}|[0-9]{1,2})师|(?:兵团)?[一二三四五六七八九十]{1,3}师(?=[0-9一二三四五六七八九十]+团)"
)
_CORPS = re.compile("新疆生产建设兵团|新疆兵团|兵团(?=图木舒克|草湖|阿拉尔)")
_POSTCODE = re.compile(r"(?:邮政编码|邮编)[::]?\s*[0-9]{6}|(?<![0-9A-Za-z-])[0-9]{6}(?![0-9A-Za-z一-鿿-])")
_DIRECTIONS = frozenset("东西南北侧以往向")
_CUT_OFF = 4.0  # 450米 of 南450米
_A_SIDE = re.compile("[旁内]|[东西南北侧外](?=[0-9]|$)")
_REMARK_COST = -7.0
_PATTERN_COST = -12.0
_WORD_COST = -4.0  # for each character of a word that can be little else


def stops(text: str) -> set[int]:
    """Return where names have to end because such a word begins."""
    found = {match.start() for match in BARRIER.finditer(text)}
    found |= {match.start() for match in _BESIDE.finditer(text) if len(match[0]) > 1}
    for pattern in (_COURIER, _REMARK, _POSTCODE, _A_SIDE, _DISTANCE, _NUMBERED_ROAD):
        found |= {match.start() for match in pattern.finditer(text)}
    return found


def mark_edge(text: str, start: int) -> Edge | None:
    """Return the edge over a space (no part) or over punctuation (redundant) that begins here."""
    space = _SPACE.match(text, start)
    if space is not None:
        return (space.end(), NOTHING, 0.0, KEEP)
    mark = _MARK.match(text, start)
    return (mark.end(), _REDUNDANT, 0.3, KEEP_DASHED) if mark is not None else None


def word_edges(text: str, start: int, names_end: frozenset[int]) -> list[Edge]:
    """Return the parts that words here can be; ``names_end``: where names have to end."""
    edges: list[Edge] = []
    if text[start] in JOINS:
        edges.append((start + 1, _ASSIST, 0.5, JOINED))
    beside = _BESIDE.match(text, start)
    if beside is not None:
        edges.append((beside.end(), _ASSIST, _beside_cost(text, start, beside[0], names_end), _ASSIST))
    courier = _COURIER.match(text, start)
    if courier is not None:
        edges.append((courier.end(), _REDUNDANT, _WORD_COST * (len(courier[0]) - 1), KEEP))
    for pattern in (_REMARK, _POSTCODE):
        match = pattern.match(text, start)
        if match is not None:
            edges.append((match.end(), _REDUNDANT, _REMARK_COST, KEEP))
    distance = _DISTANCE.match(text, start)
    if distance is not None:
        without_direction = start > 0 and text[start - 1] in _DIRECTIONS
        edges.append((distance.end(), _ASSIST, _PATTERN_COST + _CUT_OFF * without_direction, _ASSIST))
    for pattern, label in ((_NUMBERED_ROAD, _ROAD), (_CORPS, _PROV), (_DIVISION, _CITY)):
        match = pattern.match(text, start)
        if match is not None:
            edges.append((match.end(), label, _PATTERN_COST, label))
    if _is_dash(text, start):
        edges.append((start + 1, _REDUNDANT, 0.3, KEEP_DASHED))
    return edges


def _is_dash(text: str, start: int) -> bool:
    """Whether 一 is a dash that was typed so: 5一13."""
    inner = 0 < start < len(text) - 1
    return text[start] == "一" and inner and text[start - 1].isascii() and text[start + 1].isascii()


def _beside_cost(text: str, start: int, word: str, names_end: frozenset[int]) -> float:
    """Return the cost of an assist; 中, 东 or 口 alone begin names, unless a number or the end follows."""
    if len(word) > 1:
        return _WORD_COST * len(word) + 2.0
    behind = text[start + 1 : start + 2]
    if not behind or behind.isdigit() or start + 1 in names_end:
        return -2.5
    if word == "口" and start and text[start - 1] in "路街巷弄道":
        return -3.0
    if word == "旁":
        return -2.5
    return 0.0 if word == "内" else 2.5
