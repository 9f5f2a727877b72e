"""Bring address text to one form: widths, variants, spaces, regiment numbers; and keep the recipient's part only."""

import re
import unicodedata

LONGEST = 400
"""Characters that are looked at; no address is longer, and a megabyte of text must not cost a second."""

_SENDER = re.compile(
    r"(?:寄件|发件|发货|寄方|退件)(?:人|地址|方|信息)?[::]?|(?:^|(?<=[\s,;。]))寄(?:自|件)?[\s::]|[【\[(]寄[】\])]"
    r"|\b(?:from|sender|shipper)\s*:|(?:ئەۋەتكۈچى|يوللىغۇچى)\s*:?",
    re.I,
)
_RECIPIENT = re.compile(
    r"(?:收件|收货|收方|派送|送达)(?:人|地址|方|信息|区域)?[::]?|(?:^|(?<=[\s,;。]))收[\s::]|[【\[(]收[】\])]"
    r"|\b(?:to|ship to|deliver to|recipient|receiver|consignee)\s*:|(?:تاپشۇرۇۋالغۇچى|قوبۇل قىلغۇچى)\s*:?",
    re.I,
)
"""What labels write before the two addresses; the Uyghur words are drafts until a native speaker has read them."""

_EITHER = re.compile(r"地址[::]")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_PHONE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[0-9]{2}[0-9*xX]{4,6}[0-9]{2,4}(?:转[0-9]+)?")
_REGIMENT = re.compile(r"(?<![0-9])([0-9]{1,3})团")
_COMPANY = re.compile(r"(?<![0-9])([0-9]{1,2})(?=[连营队村])")
_INNER_SPACE = re.compile(r"(?<=[一-鿿0-9])[\s,,、;;|/·.。_-]+(?=[一-鿿])")
_PLACEHOLDERS = ("中华人民共和国", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖县", "市辖区")
_DIGITS = "零一二三四五六七八九"


def clean(text: str, traditional: dict[int, str]) -> str:
    """Return the text in the form that names are compared in; never fails.

    Parameters
    ----------
    text
        As read or typed.
    traditional
        Traditional to simplified characters, by code point.
    """
    text = _UNSEEN.sub("", text[: 4 * LONGEST])
    text = unicodedata.normalize("NFKC", text).translate(traditional)
    text = _recipient_part(text)
    text = _PHONE.sub(" ", text)
    text = _INNER_SPACE.sub("", " ".join(text.split()))
    for placeholder in _PLACEHOLDERS:
        if placeholder in text and len(text) > len(placeholder):
            text = text.replace(placeholder, "")
    text = _REGIMENT.sub(lambda m: chinese_number(int(m[1])) + "团", text)
    return _COMPANY.sub(lambda m: chinese_number(int(m[1])), text)[:LONGEST]


def _recipient_part(text: str) -> str:
    """Cut the sender's address away where the text says which is which."""
    recipient, sender = _RECIPIENT.search(text), _SENDER.search(text)
    if sender is None:
        either = _EITHER.search(text)
        return text[either.end() :] if recipient is None and either is not None and either.start() == 0 else text
    if recipient is not None and recipient.start() > sender.start():
        return text[recipient.end() :]
    return text[: sender.start()] if sender.start() > 0 else text


def chinese_number(number: int) -> str:
    """Write 0 to 999 the way regiments and villages are written.

    Examples
    --------
    >>> chinese_number(51), chinese_number(10), chinese_number(105)
    ('五十一', '十', '一〇五')
    """
    if number < 10:
        return _DIGITS[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")
    return "".join(_DIGITS[int(digit)] for digit in str(number)).replace("零", "〇")
