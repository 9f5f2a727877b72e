"""What else a label says: the sort code in its large print, and the recipient's address apart from the sender's."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from karez.reading.label_text import PrintedLine
from karez.reading.views import Region

# 902A M088-00 29 · 746 V50 010 · 渝-重庆 703-00 45 · R01-02 15
_FIRST = r"(?:[\u4e00-\u9fff]-?[\u4e00-\u9fffA-Z]{1,6}|[0-9]{3}[A-Z]?|[A-Z][0-9]{2,3}[A-Z]?)"
_SECOND = r"[A-Z]?[0-9]{2,3}[A-Z]?(?:-[0-9]{2})?"
_SORT_CODE = re.compile(rf"(?<![0-9A-Za-z])({_FIRST})[ ]+({_SECOND})[ ]+([0-9]{{2,3}}[A-Z]?)(?![0-9A-Za-z:-])")

_RECIPIENT = re.compile(r"^\s*(?:收(?:件|货)?(?:人|方|地址)?|To|TO|Recipient|RECIPIENT|Consignee)\s*[:：]?\s*(?![a-z])")
_SENDER = re.compile(
    r"^\s*(?:寄(?:件)?(?:人|方|地址)?|发(?:件)(?:人|方)?|From|FROM|Sender|SENDER)\s*[:：]?\s*(?![a-z])"
)
_RECIPIENT_UYGHUR = ("قوبۇل", "تاپشۇرۇۋالغۇچى", "ئالغۇچى")
_SENDER_UYGHUR = ("ئەۋەتكۈچى", "يوللىغۇچى")

_PHONE = re.compile(r"(?:\+?86[- ]?)?1[0-9*xX]{6,10}(?:\s*[转-]\s*[0-9]{3,6})?|[0-9]{3,4}-[0-9*]{7,8}")
_MASKED_NAME = re.compile(r"^\s*[\u4e00-\u9fff]{1,3}\s*[*＊xX]{1,3}[\u4e00-\u9fff]?(?=\s|$|[0-9])")
_PLACE = re.compile(r"省|自治区|市|州|地区|县|区|旗|镇|乡|街道|村|路|街|号|兵团|团|连|巷|小区|楼")
_PLACE_UYGHUR = ("شەھ", "ناھىي", "ۋىلايىت", "يېزا", "كەنت", "كوچ", "يول", "رايون", "بازا")
_PLACE_LATIN = re.compile(
    r"\b(?:road|rd|street|st|county|city|town|township|village|prefecture|district|xinjiang|no)\b", re.IGNORECASE
)
_OTHER_FIELDS = re.compile(r"订单|单号|数量|备注|件数|重量|运费|签收|打印|客服|电话|物品|店铺|热线|请|集包|驿站[:：]")


@dataclass(frozen=True, slots=True)
class Field:
    """A value, the positions of its lines, and its confidence."""

    value: str
    lines: tuple[int, ...]
    confidence: float


def sort_code_in(text: str) -> str | None:
    """Find a three-segment code in a text."""
    match = _SORT_CODE.search(text)
    return " ".join(match.groups()) if match else None


def sort_code(lines: Sequence[PrintedLine]) -> Field | None:
    """Find the sort code: of the lines that hold one, the one in the largest print."""
    found = [(line.place.height, -index) for index, line in enumerate(lines) if sort_code_in(line.line.text)]
    if not found:
        return None
    index = -max(found)[1]
    value = sort_code_in(lines[index].line.text)
    return Field(value or "", (index,), lines[index].line.confidence)


def recipient_address(lines: Sequence[PrintedLine]) -> Field | None:
    """Join the recipient's address lines, without names and phone numbers."""
    chosen: list[tuple[int, str]] = []
    for index in _recipient_block(lines):
        text = address_part(lines[index].line.text)
        if text:
            chosen.append((index, text))
    if not chosen:
        return None
    confidence = min(lines[index].line.confidence for index, _ in chosen)
    return Field(" ".join(text for _, text in chosen), tuple(index for index, _ in chosen), confidence)


def address_part(text: str) -> str:
    """Take names, phone numbers and field marks out of a line; empty if it holds no address."""
    rest = _SENDER.sub("", _RECIPIENT.sub("", text))
    rest = _MASKED_NAME.sub("", _PHONE.sub(" ", rest)).strip(" :：,，")
    return rest if _is_place(rest) and not _OTHER_FIELDS.search(rest) else ""


def _is_place(text: str) -> bool:
    if _PLACE.search(text) and len(text) >= 4:
        return True
    return any(word in text for word in _PLACE_UYGHUR) or _PLACE_LATIN.search(text) is not None


def _mark(text: str) -> str | None:
    """Say whether a line begins the recipient's or the sender's block."""
    if _RECIPIENT.match(text) or any(word in text for word in _RECIPIENT_UYGHUR):
        return "recipient"
    if _SENDER.match(text) or any(word in text for word in _SENDER_UYGHUR):
        return "sender"
    return None


def _recipient_block(lines: Sequence[PrintedLine]) -> list[int]:
    """List the lines between the recipient's mark and the sender's; without marks, the first block of address lines."""
    marks = [(line.place, kind) for line in lines if (kind := _mark(line.line.text))]
    starts = [place for place, kind in marks if kind == "recipient"]
    ends = [place for place, kind in marks if kind == "sender"]
    if not starts:
        return list(_first_block(lines, ends))
    start = starts[0]
    top = start.y - start.height
    below = [place.y - 0.6 * place.height for place in ends if place.y > start.y]
    bottom = min(below, default=float("inf"))
    return [i for i, line in enumerate(lines) if top <= line.place.y < bottom]


def _first_block(lines: Sequence[PrintedLine], ends: Sequence[Region]) -> Iterator[int]:
    last: PrintedLine | None = None
    for index, line in enumerate(lines):
        if any(line.place.y > end.y - 0.6 * end.height for end in ends):
            return
        if not address_part(line.line.text):
            continue
        if last is not None and line.place.y - last.place.y > 3.5 * last.place.height:
            return
        last = line
        yield index
