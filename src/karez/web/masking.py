"""Label text that may name a person, masked: what is left helps to find a place, not to find a person."""

import re

_PHONE = re.compile(r"(?<!\d)(\+?\d[\d\- ]{5,16}\d)(?!\d)")
_NAME_BEFORE_PHONE = re.compile(r"(?<!\S)([\u4e00-\u9fff])[\u4e00-\u9fff·]{1,12}(?=[\s,,]+\+?[\d*][\d*\- ]{6,})")
_LEAST_DIGITS = 7


def mask(text: str) -> str:
    """Mask phone numbers (all but the last two digits) and a Chinese name written before one."""
    return _PHONE.sub(_mask_phone, _NAME_BEFORE_PHONE.sub(r"\1**", text))


def _mask_phone(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match[0])
    return f"*****{digits[-2:]}" if len(digits) >= _LEAST_DIGITS else match[0]
