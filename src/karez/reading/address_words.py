"""Words by which lines of a label are told apart: marks of recipient and sender, words of places, other fields."""

import re
from enum import Enum, auto

_WHAT = r"(?:人|方|件人|货人)?(?:地址|姓名|信息|电话)?"
_OPEN, _CLOSE = r"^\s*[\[【(（]?", r"[\]】)）]?\s*[:：]?\s*"
_RECIPIENT = re.compile(
    rf"{_OPEN}(?:收件?{_WHAT}|收货{_WHAT}|送达|派送地址|(?:Ship|Deliver|Send)(?:ed)? ?(?:To|TO|to)\b|(?:SHIP )?TO\b"
    rf"|To\b|Recipient\b|RECIPIENT\b|Consignee\b|CONSIGNEE\b|Receiver\b|RECEIVER\b|Addressee\b){_CLOSE}"
)
_SENDER = re.compile(
    rf"{_OPEN}(?:寄件?{_WHAT}|发件{_WHAT}|发货{_WHAT}|(?:Ship|Sent) ?(?:From|FROM|from)\b|From\b|FROM\b|Sender\b"
    rf"|SENDER\b|Shipper\b|SHIPPER\b|Consignor\b|Return ?(?:to|To|Address)\b){_CLOSE}"
)
_RECIPIENT_UYGHUR = re.compile(r"^\W*(?:قوب[ۇۈ]ل\S*\s+\S+چى|تاپش[ۇۈ]ر[ۇۈ](?:ۋالغ|پ ئالغ)[ۇۈ]چى)\s*[:：]?\s*")
_SENDER_UYGHUR = re.compile(r"^\W*(?:ئەۋەتك[ۇۈ]چى|يوللىغ[ۇۈ]چى)\s*[:：]?\s*")

_PLACE = re.compile(
    r"省|自治区|市|州|地区|县|区|旗|镇|乡|街道|村|路|街|号|兵团|团场|[0-9]团|连队|[0-9]连|巷|小区|楼|栋|室|单元|大道|广场|大厦"
)
_PLACE_END = re.compile(r"(?:省|自治区|市|州|地区|县|区|镇|乡|街道|村|路|街|号|楼|室|巷|团|连)$")
_PLACE_UYGHUR = re.compile(r"شەھ|ناھى|ۋىلايىت|يېزا|كەنت|كوچ|يول|رايون|بازا|مەھەلل|نومۇر|نومۈر|شىنجا")
_PLACE_LATIN = re.compile(
    r"\b(?:road|rd|street|str|st|avenue|ave|lane|drive|blvd|boulevard|square|floor|building|bldg|block|room|unit|apt|suite|"
    r"county|city|town|township|village|prefecture|district|province|region|state|p\.? ?o\.? ?box|xinjiang|china|"
    r"kazakhstan|kyrgyzstan|uzbekistan|tajikistan|pakistan|russia|turkey|t[üu]rkiye|germany|united kingdom|usa)\b",
    re.IGNORECASE,
)
_NEVER = re.compile(
    r"订单|单号|运单|安全号|全号|号码|数量|备注|件数|重量|运费|计费|签收|打印|客服|热线|转包|中转|集包|拒收|已验|验视|条码|邮编|"
    r"托寄|内件|品名|声明|发出$|-.{2,5}转$|يەتك[ۇۈ]ز|"
    r"\b(?:Order|Tracking|Waybill|Weight|Qty|Printed|Hotline|Invoice|Ref|Postage|Customs|CUSTOMS|POST|Post)\b|^集|^(?:第?[0-9]+[/／][0-9]+)$"
)
_STATION = re.compile(r"^驿|驿站")  # the pick-up station's own field; in an address it stands among places
_SELDOM = re.compile(r"物品|店铺|旗舰店|专营店|速递|快递|快运|物流|商品|名称|Express|EXPRESS|LOGISTICS|Logistics")


class Kind(Enum):
    """What a line is by its words."""

    RECIPIENT = auto()  # begins the recipient's block; may go on with a name
    SENDER = auto()
    PLACE = auto()
    OTHER = auto()  # some other field of the label
    PLAIN = auto()  # a name, a phone number, or the rest of an address


def kind_of(text: str) -> Kind:
    """Tell a line by its words alone."""
    if _RECIPIENT.match(text) or _RECIPIENT_UYGHUR.match(text):
        return Kind.OTHER if _signature(text) else Kind.RECIPIENT
    if _SENDER.match(text) or _SENDER_UYGHUR.match(text):
        return Kind.SENDER
    places = len(_PLACE.findall(text))
    if _NEVER.search(text) or (_SELDOM.search(text) and places < 2):
        return Kind.OTHER
    if _STATION.search(text) and places < 2:
        return Kind.OTHER
    return Kind.PLACE if is_place(text) else Kind.PLAIN


def _signature(text: str) -> bool:
    """Say whether it is the field that the recipient signs, or a receipt's word."""
    return re.match(r"^\s*收(?:货人|件人)?(?:签|讫|据|费|款)", text) is not None


def without_mark(text: str) -> str:
    """Take the mark of a block off the start of a line."""
    for mark in (_RECIPIENT, _SENDER, _RECIPIENT_UYGHUR, _SENDER_UYGHUR):
        text = mark.sub("", text)
    return text


def is_place(text: str) -> bool:
    """Say whether a text names a place, by the words that places end with."""
    if _PLACE.search(text) and len(text) >= 4:
        return True
    return bool(_PLACE_UYGHUR.search(text) or _PLACE_LATIN.search(text))


def ends_as_place(text: str) -> bool:
    """Say whether a short Chinese text ends as names of places do."""
    return _PLACE_END.search(text) is not None
