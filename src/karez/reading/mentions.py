"""Where numbers that could be the waybill stand: in decoded codes and in printed lines."""

import re
from collections.abc import Iterable, Mapping, Sequence

from karez.domain.reading import Code, Line, Source, SourceKind
from karez.reading.look_alikes import repaired
from karez.reading.printed_numbers import prints_of
from karez.reading.symbologies import few_rows, unchecked
from karez.reading.waybills import (
    Form,
    Mention,
    Strength,
    WaybillRules,
    classify,
    goods_number,
    line_numbers,
    tokens,
)

_WHOLE, _INSIDE = 0.99, 0.95  # confidence of a code that is the number, and of one that holds it among other things
_REPAIRED = 0.8  # of the line's own confidence
_LONGEST_NUMBER = 30
_ORDER = re.compile(
    r"(?:订单|訂單|ORDER)(?:号码?|號碼?|编号|編號)?\s*(?:NO\.?|#)?\s*[:：]?\s*[0-9A-Z][0-9A-Z -]*", re.IGNORECASE
)
_GS = "\x1d"  # parts the elements of a GS1 string


def all_mentions(codes: Sequence[Code], lines: Sequence[Line], rules: WaybillRules) -> list[Mention]:
    """Find waybill-like numbers in the codes and lines of one parcel."""
    printed = line_mentions(lines, rules, goods_numbers(codes), prints_of(lines, codes))
    return code_mentions(codes, rules) + printed


def code_mentions(codes: Sequence[Code], rules: WaybillRules) -> list[Mention]:
    """Find waybill-like numbers in decoded codes; ``indices`` count over all of them."""
    mentions: list[Mention] = []
    goods = goods_numbers(codes)
    for index, code in enumerate(codes):
        source = Source(SourceKind.CODE, code.frame, (index,))
        strength = _strength(code)
        text = code.text.strip()
        numbers = [text.upper()] if " " not in text and len(text) <= _LONGEST_NUMBER else []
        for number in dict.fromkeys([*numbers, *tokens(text)]):
            known = _known(number, rules, goods)
            if known and (rules.advised(number) or not _is_gs1(code)):
                confidence = _WHOLE if number == text.upper() else _INSIDE
                mentions.append(Mention(number, *known, source, confidence, strength, code.label))
    return mentions


def _strength(code: Code) -> Strength:
    if few_rows(code.box, code.format):
        return Strength.FEW_ROWS
    if unchecked(code.format):
        return Strength.UNCHECKED_CODE
    return Strength.RESTORED_CODE if code.restored else Strength.STRONG_CODE


def _is_gs1(code: Code) -> bool:
    """Say whether a code holds GS1 element strings: goods, lots, dates, serial numbers; none is a waybill."""
    return bool(code.elements) or _GS in code.text


def goods_numbers(codes: Iterable[Code]) -> frozenset[str]:
    """Return the numbers that the codes of a parcel carry as goods numbers: no waybills, in print neither."""
    found = (goods_number(code.text, code.format) for code in codes)
    return frozenset(number for number in found if number)


def line_mentions(
    lines: Sequence[Line],
    rules: WaybillRules,
    goods: frozenset[str] = frozenset(),
    printed_beside: Mapping[int, int] | None = None,
) -> list[Mention]:
    """Find waybill-like numbers in printed lines; ``indices`` count over all of them.

    ``goods`` are the `goods_numbers` of the same parcel: their print, or a part of it, is passed over.
    ``printed_beside`` says which lines (by position) are the print of which code.
    """
    beside = printed_beside or {}
    mentions: list[Mention] = []
    for index, line in enumerate(lines):
        source = Source(SourceKind.LINE, line.frame, (index,))
        for number, read_as in _printed(line.text, rules).items():
            known = _known(number, rules, goods)
            if known:
                confidence = line.confidence if read_as is None else round(line.confidence * _REPAIRED, 4)
                print_of = beside.get(index)
                mentions.append(
                    Mention(number, *known, source, confidence, label=line.label, read_as=read_as, print_of=print_of)
                )
    return mentions


def _printed(text: str, rules: WaybillRules) -> dict[str, str | None]:
    """Numbers of a line as printed; and, where it holds none of a safe form, such as look-alikes alone hide."""
    text = _ORDER.sub(" ", text)  # a shop's order number is no waybill, and says what it is
    plain: dict[str, str | None] = dict.fromkeys(line_numbers(text))
    if any(classify(number, rules)[0] > Form.AMBIGUOUS for number in plain):
        return plain
    mended = repaired("".join(text.upper().split()), rules)
    return {**plain, **dict(mended)}


def _known(number: str, rules: WaybillRules, goods: frozenset[str]) -> tuple[Form, tuple[str, ...]] | None:
    """Classify a number; ``None`` where it is no waybill's."""
    form, companies = classify(number, rules)
    if any(number in digits for digits in goods):
        form, companies = Form.UNKNOWN, ()
    if form is Form.UNKNOWN and not (len(number) >= 8 and rules.advised(number)):
        return None
    return form, companies
