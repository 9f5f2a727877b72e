"""The recipient's address: the block after 收 (To, قوبۇل قىلغۇچى), without names, phones and the sender's block."""

import re
from collections.abc import Sequence
from enum import Enum, auto

from karez.reading.printed_lines import Field, PrintedLine

_RECIPIENT = re.compile(
    r"^\s*(?:收(?:件|货)?(?:人|方)?(?:地址|姓名|信息)?|(?:Ship )?To\b|TO\b|Recipient\b|Consignee\b)\s*[:：]?\s*"
)
_SENDER = re.compile(
    r"^\s*(?:寄(?:件)?(?:人|方)?(?:地址|姓名|信息)?|发件(?:人|方)?|From\b|FROM\b|Sender\b)\s*[:：]?\s*"
)
_RECIPIENT_UYGHUR = re.compile(r"(?:قوبۇل|قوبۈل)\S*\s+\S+چى|تاپشۇرۇۋالغۇچى")
_SENDER_UYGHUR = re.compile(r"ئەۋەتكۈچى|ئەۋەتكۇچى|يوللىغۇچى|يوللىغۈچى")

_STAR = r"[*＊★☆xX×]"
_PHONE = re.compile(
    rf"(?:\+?86[- ]?)?1[0-9]{{0,6}} ?{_STAR}+ ?[0-9]{{2,4}}(?:\s*[-转]\s*[0-9]{{2,6}})?"  # masked, or a relay number
    r"|(?:\+?86[- ]?)?1[3-9][0-9]{9}(?:\s*[-转]\s*[0-9]{2,6})?"
    rf"|0[0-9]{{2,3}}-[0-9*]{{7,8}}|{_STAR}{{2,}}-[0-9]{{3,6}}|{_STAR}{{3,}} ?[0-9]{{2,4}}"
)
_NAME = re.compile(r"^\s*(?:[\u4e00-\u9fff]{1,3}|[A-Z][a-z]*|[\u0621-\u06d5]{1,3})\s*[*＊★]+[\u4e00-\u9fff]?")

_PLACE = re.compile(r"省|自治区|市|州|地区|县|区|旗|镇|乡|街道|村|路|街|号|兵团|团|连|巷|小区|楼|室|单元")
_PLACE_UYGHUR = re.compile(r"شەھ|ناھى|ۋىلايىت|يېزا|كەنت|كوچ|يول|رايون|بازا|مەھەلل|نومۇر|نومۈر|شىنجا")
_PLACE_LATIN = re.compile(
    r"\b(?:road|rd|street|st|county|city|town|township|village|prefecture|district|xinjiang|china)\b", re.IGNORECASE
)
_OTHER_FIELDS = re.compile(
    r"订单|单号|安全号|全号|号码|数量|备注|件数|重量|运费|签收|打印|客服|电话|物品|店铺|热线|转包|中转|集包|拒收|已验|速递|快递|快运|^集"
)
_SMALLER = 0.8  # a Chinese line lower than this share of the block's first line is the sender's print

_SURE = 0.75  # a line without any word of a place counts as part of an address only if it was read so well


class _Kind(Enum):
    RECIPIENT = auto()  # begins the recipient's block; may go on with a name
    SENDER = auto()
    PERSON = auto()  # a name or a phone number
    PLACE = auto()
    OTHER = auto()  # some other field of the label
    PLAIN = auto()  # could continue an address


def recipient_address(lines: Sequence[PrintedLine]) -> Field | None:
    """Join the recipient's address lines; lines must come in reading order."""
    level = [index for index, line in enumerate(lines) if abs(line.place.angle_deg) < 45]
    chosen = _block(lines, _from_mark(lines, level)) or _block(lines, level)
    if not chosen:
        return None
    confidence = min(lines[index].line.confidence for index in chosen)
    text = " ".join(without_person(lines[index].line.text) for index in chosen)
    return Field(text, tuple(chosen), confidence)


def without_person(text: str) -> str:
    """Take block marks, names and phone numbers out of a line."""
    rest = _SENDER.sub("", _RECIPIENT.sub("", text))
    if _RECIPIENT_UYGHUR.search(rest):
        rest = rest.partition(":")[2]
    rest = _PHONE.sub(" ", rest)
    return " ".join(_NAME.sub("", rest).split()).strip(" :：*").lstrip(",，")


def _kind(text: str) -> _Kind:
    if _OTHER_FIELDS.search(text):
        return _Kind.OTHER
    if _RECIPIENT.match(text) or _RECIPIENT_UYGHUR.search(text):
        return _Kind.RECIPIENT
    if _SENDER.match(text) or _SENDER_UYGHUR.search(text):
        return _Kind.SENDER
    if _is_place(without_person(text)):
        return _Kind.PLACE
    if _PHONE.search(text) or _NAME.match(text):
        return _Kind.PERSON
    return _Kind.PLAIN


def _is_place(text: str) -> bool:
    if _PLACE.search(text) and len(text) >= 4:
        return True
    return bool(_PLACE_UYGHUR.search(text) or _PLACE_LATIN.search(text))


def _from_mark(lines: Sequence[PrintedLine], level: Sequence[int]) -> list[int]:
    """Take the lines from the recipient's mark on; a lone mark stands beside its block and may be centred on it."""
    marks = [index for index in level if _kind(lines[index].line.text) is _Kind.RECIPIENT]
    if not marks:
        return []
    mark = lines[marks[0]].place
    return [index for index in level if lines[index].place.y > mark.y - 1.5 * mark.height]


def _block(lines: Sequence[PrintedLine], level: Sequence[int]) -> list[int]:
    """Collect the first run of address lines, and stop where the sender or another field begins."""
    chosen: list[int] = []
    for index in level:
        kind = _kind(lines[index].line.text)
        if kind is _Kind.SENDER:
            break
        if _holds_address(lines[index], kind, begun=bool(chosen)):
            if not chosen or _goes_on(lines[chosen[0]], lines[chosen[-1]], lines[index]):
                chosen.append(index)
            elif _in_column(lines[chosen[0]], lines[index]):
                break
        elif chosen and _in_column(lines[chosen[0]], lines[index]):
            break
    return chosen


def _holds_address(line: PrintedLine, kind: _Kind, begun: bool) -> bool:
    """Say whether a line names a place, or, once an address has begun, could be the rest of it."""
    if kind is _Kind.RECIPIENT:
        return _is_place(without_person(line.line.text))
    if kind is _Kind.PLAIN:
        return begun and _could_be_rest(line)
    return kind is _Kind.PLACE


def _could_be_rest(line: PrintedLine) -> bool:
    """Tell the rest of an address from a masked phone number that was badly read."""
    figures = sum(character.isdigit() for character in line.line.text)
    return line.line.confidence >= _SURE and figures <= len(line.line.text) / 2


def _goes_on(first: PrintedLine, last: PrintedLine, line: PrintedLine) -> bool:
    """Say whether a line continues the block: near below, beside no other column, and in no smaller print."""
    if line.place.y - last.place.y > 3 * max(last.place.height, line.place.height):
        return False
    if line.line.script == first.line.script == "Hans" and line.place.height < _SMALLER * first.place.height:
        return False
    return _in_column(first, line)


def _in_column(first: PrintedLine, line: PrintedLine) -> bool:
    return abs(line.place.x - first.place.x) < (line.place.width + first.place.width) / 2


def begins_recipient(text: str) -> bool:
    """Say whether a line is, or starts with, the recipient's mark."""
    return _kind(text) is _Kind.RECIPIENT


def is_person(text: str) -> bool:
    """Say whether a line holds a name or a phone number, and no place."""
    return _kind(text) is _Kind.PERSON or bool(_PHONE.search(text))
