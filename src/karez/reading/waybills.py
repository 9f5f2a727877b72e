"""What a waybill number looks like, company by company, and where one is mentioned on a label.

Patterns are the publicly known ones; where companies disagree only the forms below marked safe tell a company. UPU S10
check digit: weights 8 6 4 2 3 5 9 7, c = 11 − sum mod 11, 10 → 0, 11 → 5.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from karez.domain.reading import Source


@dataclass(frozen=True, slots=True)
class WaybillRules:
    """What this hub knows about the numbers it may meet.

    Attributes
    ----------
    companies
        Short names of the courier companies served here.
    advised
        Says whether a number stands in the pre-advice.
    """

    companies: tuple[str, ...]
    advised: Callable[[str], bool]


class Form(IntEnum):
    """How much a number's shape says by itself."""

    UNKNOWN = 0  # no company's shape; counts only if pre-advised
    AMBIGUOUS = 1  # several companies', or any number's: needs confirmation or pre-advice
    DIGITS = 2  # a served company's digits by prefix and length
    PREFIXED = 3  # carries the company's letters
    CHECKED = 4  # carries a check digit that is right


_PIECES = r"(?:-[0-9]{1,3}-[0-9]{1,3}-?)?"  # multi-piece: part of the number

_PREFIXED = {
    "sf": r"SF[0-9]{13}",
    "yto": r"YT[0-9]{13}",
    "jt": r"JT[0-9]{13}",
    "jd": r"JD[A-Z]{0,2}[0-9]{11,13}",
    "deppon": r"DPK[0-9]{12}",
    "yunda": r"YD[0-9]{12}",
}
_DIGITS = {
    "zto": r"7[0-9]{13}",
    "sto": r"77[0-9]{12,13}",
    "yunda": r"4[36][0-9]{13}",
}
_AMBIGUOUS = {
    "sf": r"[0-9]{12}|[0-9]{15}",
    "yto": r"[YTM][0-9]{14}|[0-9]{18}",
    "zto": r"[0-9]{12}",
    "sto": r"[0-9]{12,16}",
    "yunda": r"[0-9]{13}|[0-9]{15}",
}
_COUNTRY = re.compile(  # ISO 3166-1 alpha-2
    r"A[DEFGILMOQRSTUWXZ]|B[ABDEFGHIJLMNOQRSTVWYZ]|C[ACDFGHIKLMNORUVWXYZ]|D[EJKMOZ]|E[CEGHRST]|F[IJKMOR]|"
    r"G[ABDEFGHILMNPQRSTUWY]|H[KMNRTU]|I[DELMNOQRST]|J[EMOP]|K[EGHIMNPRWYZ]|L[ABCIKRSTUVY]|"
    r"M[ACDEFGHKLMNOPQRSTUVWXYZ]|N[ACEFGILOPRUZ]|OM|P[AEFGHKLMNRSTWY]|QA|R[EOSUW]|"
    r"S[ABCDEGHIJKLMNORSTVXYZ]|T[CDFGHJKLMNORTVWZ]|U[AGMSYZ]|V[ACEGINU]|W[FS]|Y[ET]|Z[AMW]"
)
_S10 = re.compile(r"[A-Z]{2}([0-9]{8})([0-9])([A-Z]{2})")


def _compiled(patterns: dict[str, str]) -> dict[str, re.Pattern[str]]:
    return {company: re.compile(f"(?:{pattern}){_PIECES}") for company, pattern in patterns.items()}


_SHAPES = (
    (Form.PREFIXED, _compiled(_PREFIXED)),
    (Form.DIGITS, _compiled(_DIGITS)),
    (Form.AMBIGUOUS, _compiled(_AMBIGUOUS)),
)

_GOODS_FORMATS = ("EAN", "UPC", "DataBar", "ITF14", "ISBN", "PZN")
"""Symbologies (or beginnings of their names) of item codes: never a waybill."""

COMPANY_NAMES = {
    "sf": ("顺丰", "SF EXPRESS"),
    "yto": ("圆通", "YTO"),
    "zto": ("中通", "ZTO"),
    "sto": ("申通", "STO"),
    "yunda": ("韵达", "YUNDA"),
    "jt": ("极兔", "J&T"),
    "jd": ("京东", "JD LOGISTICS"),
    "ems": ("EMS", "邮政"),
    "deppon": ("德邦", "DEPPON"),
}
"""How a label prints its company; breaks ties between patterns only."""


class Strength(IntEnum):
    """How far the place where a number stands can be trusted not to be misread."""

    PRINT = 0  # text: one character may be taken for another
    FEW_ROWS = 1  # bars of which a thin strip was seen
    UNCHECKED_CODE = 2  # no check character of its own (ITF, Code39, Codabar)
    RESTORED_CODE = 3  # a check character, but bars that had to be restored
    STRONG_CODE = 4  # a check character or error correction of its own


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a number stands that could be the waybill.

    Attributes
    ----------
    number
        Spaces taken out, letters upper case.
    form, companies
        What its shape says, and whose it could be.
    source
        The code or line it stands in.
    confidence
        0 to 1, of this mention alone.
    strength
        What it stands in.
    label
        Which label of its frame it stands on; ``None`` where it stands on none.
    read_as
        What was read before look-alikes were repaired; ``None`` where nothing was.
    print_of
        Position of the code whose print it is, right beside its bars.
    """

    number: str
    form: Form
    companies: tuple[str, ...]
    source: Source
    confidence: float
    strength: Strength = Strength.PRINT
    label: int | None = None
    read_as: str | None = None
    print_of: int | None = None


def classify(number: str, rules: WaybillRules) -> tuple[Form, tuple[str, ...]]:
    """Say what a number's shape tells, and the companies it could belong to."""
    if s10_valid(number):
        return Form.CHECKED, ("ems",) if number.endswith("CN") else ()
    if item_number(number):
        return Form.UNKNOWN, ()
    for form, shapes in _SHAPES:
        companies = tuple(company for company, shape in shapes.items() if shape.fullmatch(number))
        if form is not Form.PREFIXED:
            companies = tuple(company for company in companies if company in rules.companies)
        if companies:
            return form, companies
    return Form.UNKNOWN, ()


def s10_valid(number: str) -> bool:
    """Check a UPU S10 identifier (two letters, eight digits, check digit, country)."""
    match = _S10.fullmatch(number)
    if not match:
        return False
    digits, check, country = match.groups()
    if not _COUNTRY.fullmatch(country):
        return False
    rest = 11 - sum(int(d) * w for d, w in zip(digits, (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
    return int(check) == {10: 0, 11: 5}.get(rest, rest)


def item_number(number: str) -> bool:
    """Say whether digits are a Chinese retail item number (EAN-13, prefix 690-699), or a GS1 string that holds one."""
    if not number.isdecimal() or not number.isascii():
        return False
    if len(number) == 13 and number.startswith("69"):
        return gs1_valid(number)
    return len(number) >= 16 and number.startswith("01") and gs1_valid(number[2:16])


def carton_number(number: str) -> bool:
    """Say whether figures have the length and check digit of a carton's number (GTIN-14)."""
    return len(number) == 14 and number.isdecimal() and number.isascii() and gs1_valid(number)


def gs1_valid(digits: str) -> bool:
    """Check a GS1 key (GTIN, SSCC): modulo 10, weights 3 and 1 from the right."""
    weighted = sum(int(d) * (3 if place % 2 else 1) for place, d in enumerate(reversed(digits)))
    return weighted % 10 == 0


def goods_code(format_name: str) -> bool:
    """Say whether a symbology is one of goods (EAN, UPC, DataBar)."""
    return format_name.startswith(_GOODS_FORMATS)


def goods_number(text: str, format_name: str) -> str | None:
    """Return the digits that a code carries as a goods number, as they are printed under it; ``None`` for other codes.

    EAN, UPC and DataBar by their symbology; an ITF of 14 digits (ITF-14 on cartons) and a GS1 string that begins with
    application identifier 01 where the check digit of the GTIN-14 is right (GS1 General Specifications, 7.9).
    """
    digits = "".join(character for character in text if character.isdecimal() and character.isascii())
    if goods_code(format_name):
        return digits
    if format_name.startswith("ITF") and carton_number(digits):
        return digits
    return digits[2:16] if item_number(digits) and len(digits) >= 16 else None


_TOKEN = re.compile(r"[A-Z]{0,4}[0-9]{8,18}(?:[A-Z]{2}(?![A-Z]))?(?:-[0-9]{1,3}-[0-9]{1,3}-?)?")


def tokens(text: str) -> Iterator[str]:
    """Cut a payload or a line into whole tokens that could be numbers; never a part of something longer."""
    upper = text.upper()
    for match in _TOKEN.finditer(upper):
        if not (_JOINED_BEFORE.search(upper[: match.start()]) or _JOINED_BEHIND.match(upper[match.end() :])):
            yield match.group()


# ASCII only: 单号7… is a token. A point or hyphen joins figures: decimals of a map link, pieces of an order number.
_JOINED_BEFORE = re.compile(r"(?:[A-Z0-9*_]|[0-9][.-]|-)$")
_JOINED_BEHIND = re.compile(r"[A-Z0-9*_]|[.-][A-Z0-9]")


_GAP = re.compile(r"(?<=[0-9A-Z])[ \u3000]+(?=[0-9])")


def line_numbers(text: str) -> list[str]:
    """List the number-like tokens of a printed line, also with the gaps inside printed numbers closed."""
    plain = text.translate(_FULL_WIDTH)
    closed = _GAP.sub("", plain.upper())
    tight = "".join(plain.split())
    return list(dict.fromkeys([*tokens(closed), *tokens(tight), *tokens(plain)]))


_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def companies_named(text: str) -> set[str]:
    """Find the companies whose printed names stand in a text."""
    upper = text.upper()
    return {company for company, names in COMPANY_NAMES.items() if any(_named(name, upper) for name in names)}


def _named(name: str, upper: str) -> bool:
    if not name.isascii():
        return name in upper
    return re.search(rf"(?<![A-Z0-9]){re.escape(name)}(?![A-Z0-9])", upper) is not None
