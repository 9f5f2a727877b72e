"""Names and phone numbers in a printed line: found, taken out of an address, and masked as privacy labels mask them."""

import re
from dataclasses import dataclass

from karez.reading import address_words

_PURE_STAR = r"[*＊★☆※•×]"
_STAR = r"[*＊★☆※•×xX]"  # in numbers, where letters cannot be meant
_UNSTARTED = r"(?<![A-Za-z\u4e00-\u9fff\u0621-\u06d5*])"  # stars after a letter are a name's
_DOOR_END = re.compile(r"(?:[号室楼栋层]|单元|[0-9])$")
_MOBILE_DIGITS = 11
_PHONE = re.compile(
    rf"(?:\+?86[- ]?)?1[0-9]{{0,6}} ?{_STAR}+ ?[0-9]{{2,4}}(?:\s*[-转]\s*[0-9]{{2,6}})?"  # masked, or a relay number
    r"|(?:\+?86[- ]?)?(?<![0-9])1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}(?![0-9])(?:\s*[-转]\s*[0-9]{2,6})?"
    rf"|(?<![0-9])0[0-9]{{2,3}}[- ][0-9*]{{7,8}}|{_UNSTARTED}{_STAR}{{2,}}-[0-9]{{3,6}}"
    rf"|{_UNSTARTED}{_STAR}{{3,}} ?[0-9]{{2,4}}"
    r"|\+[0-9]{1,3}[ -]?(?:\([0-9]{1,4}\)[ -]?)?[0-9][0-9 -]{6,14}[0-9]"
)
_MASKED_NAME = re.compile(
    rf"^\s*((?:[\u4e00-\u9fff]{{1,3}}|[A-Z][A-Za-z]*|[\u0621-\u06d5]{{1,3}})\s*{_PURE_STAR}+[\u4e00-\u9fff]?)"
)
_LABEL = re.compile(
    r"(?:姓名|联系人|电话|手机号?|联系方式|联系电话|地址|详细地址|(?<![A-Za-z])(?:Name|Tel|Phone|Mobile|Contact|Address|Add)(?![A-Za-z]))"
    r"\s*(?:No)?\.?\s*[:：]?"
)
_HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,8}[·•.][\u4e00-\u9fff]{1,8}")
_TITLED = re.compile(r"[\u4e00-\u9fff]{1,3}(?:先生|女士|小姐|老师)")
_LATIN_NAME = re.compile(r"[A-Z][A-Za-z.'-]*(?: [A-Z][A-Za-z.'-]*){1,3}")
_UYGHUR_NAME = re.compile(r"[\u0621-\u06d5]{3,}(?: [\u0621-\u06d5]{3,}){0,2}")


@dataclass(frozen=True, slots=True)
class Person:
    """What a line says about a person, masked, and the rest of it.

    Attributes
    ----------
    name, phone
        As of `karez.domain.reading.Party`.
    rest
        The line without marks, name and phone: an address or nothing.
    """

    name: str | None
    phone: str | None
    rest: str


def person_in(text: str) -> Person:
    """Part a line into name, phone and the rest."""
    unmarked = address_words.without_mark(text)
    plain = _LABEL.sub(" ", unmarked)
    found = _PHONE.search(plain)
    before, after = (plain[: found.start()], plain[found.end() :]) if found else (plain, "")
    name, before = _named(before, pointed_at=found is not None or unmarked != text)
    if found and name is None and not before:
        name, after = _named(after, pointed_at=True)
    rest = _tidy(f"{before} {after}")
    return Person(masked_name(name) if name else None, masked_phone(found.group()) if found else None, rest)


def _named(text: str, pointed_at: bool) -> tuple[str | None, str]:
    """Find a name at the start of a text; one without a mask only beside a phone number or after a block's mark."""
    masked = _MASKED_NAME.match(text)
    if masked:
        return masked.group(1), _tidy(text[masked.end() :])
    tidy = _tidy(text)
    if pointed_at and tidy and is_name(tidy):
        return tidy, ""
    address, _, last = tidy.rpartition(" ")
    if pointed_at and _DOOR_END.search(address) and is_name(last):
        return last, address
    return None, tidy


def is_name(text: str) -> bool:
    """Say whether a whole text looks like a person's name."""
    text = text.strip()
    if _TITLED.fullmatch(text):
        return True
    if _HAN_NAME.fullmatch(text):
        return not address_words.ends_as_place(text)
    if _LATIN_NAME.fullmatch(text) or _UYGHUR_NAME.fullmatch(text):
        return not address_words.is_place(text)
    return False


def has_phone(text: str) -> bool:
    """Say whether a phone number, masked or not, stands in a text."""
    return _PHONE.search(text) is not None


def has_masked_name(text: str) -> bool:
    """Say whether a text begins with a masked name."""
    return _MASKED_NAME.match(text) is not None


def masked_phone(phone: str) -> str:
    """Mask a phone number; a masked one keeps its figures, and gets the stars that it must have.

    Chinese mobile numbers have 11 figures, whatever number of stars was read.
    """
    number, extension = _extension(re.sub(r"^\+?86[- ]?(?=1)", "", phone.strip()))
    stars = re.sub(_STAR, "*", number)
    if "*" in stars:
        head, tail = stars[: stars.index("*")].strip(), stars[stars.rindex("*") + 1 :].strip()
        hidden = _MOBILE_DIGITS - len(head) - len(tail) if head.startswith("1") and len(tail) == 4 else stars.count("*")
        return f"{head}{'*' * max(1, hidden)}{tail}{extension}"
    figures = re.sub(r"[^0-9]", "", number)
    head = "+" if number.startswith("+") else figures[0]
    return f"{head}{'*' * (len(figures) - 5)}{figures[-4:]}{extension}"


def _extension(number: str) -> tuple[str, str]:
    match = re.fullmatch(r"(1[^-转]*[0-9*＊★☆※•xX×]{4})\s*[-转]\s*([0-9]{2,6})", number)
    return (match.group(1), f"-{match.group(2)}") if match else (number, "")


def masked_name(name: str) -> str:
    """Mask a name: the first letters stay; one that is masked in print stays as it is."""
    name = re.sub(_PURE_STAR, "*", " ".join(name.split()))
    if "*" in name:
        return name.replace(" ", "")
    if "\u0621" <= name[0] <= "\u06ff":
        return f"{name[:2]}***"
    return f"{name[0]}****" if name[0].isascii() else f"{name[0]}**"


def _tidy(text: str) -> str:
    return " ".join(text.split()).strip(" :：*()（）").lstrip(",，、.").strip()
