"""From mentions to one verdict: which number is the waybill, or why none is taken.

A waybill known by text alone needs two agreeing prints, a check digit, or membership in the pre-advice. Two different
numbers of equal standing are a contradiction, and neither is taken.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from karez.domain.reading import Code, Line, NoReadReason, Source, SourceKind
from karez.reading.waybills import (
    Form,
    Mention,
    WaybillRules,
    classify,
    companies_named,
    goods_number,
    line_numbers,
    tokens,
)

_WHOLE, _INSIDE = 0.99, 0.95  # confidence of a code that is the number, and of one that holds it among other things
_CONFUSABLE_EDITS = 2  # numbers this near to each other are misreadings of one, not two waybills


@dataclass(frozen=True, slots=True)
class Accepted:
    """The waybill number, whose it is, and where it was read."""

    number: str
    company: str | None
    source: Source
    confidence: float


@dataclass(frozen=True, slots=True)
class Refused:
    """No waybill number is taken, and why; ``candidates`` were seen, best first."""

    reason: NoReadReason
    explanation: str
    candidates: tuple[str, ...] = ()


def code_mentions(codes: Sequence[tuple[int, Code]], rules: WaybillRules) -> list[Mention]:
    """Find waybill-like numbers in decoded codes; each code comes with the index of its frame."""
    mentions: list[Mention] = []
    goods = goods_numbers(code for _, code in codes)
    for index, (frame, code) in enumerate(codes):
        source = Source(SourceKind.CODE, frame, (index,))
        text = code.text.strip()
        numbers = [text.upper()] if " " not in text and len(text) <= 30 else []
        for number in dict.fromkeys([*numbers, *tokens(text)]):
            mention = _mention(number, rules, source, _WHOLE if number == text.upper() else _INSIDE, goods)
            if mention:
                mentions.append(mention)
    return mentions


def goods_numbers(codes: Iterable[Code]) -> frozenset[str]:
    """Return the numbers that the codes of a parcel carry as goods numbers: no waybills, in print neither."""
    found = (goods_number(code.text, code.format) for code in codes)
    return frozenset(number for number in found if number)


def line_mentions(
    lines: Sequence[tuple[int, Line]], rules: WaybillRules, goods: frozenset[str] = frozenset()
) -> list[Mention]:
    """Find waybill-like numbers in printed lines; each line comes with the index of its frame.

    ``goods`` are the `goods_numbers` of the same parcel: their print, or a part of it, is passed over.
    """
    mentions: list[Mention] = []
    for index, (frame, line) in enumerate(lines):
        source = Source(SourceKind.LINE, frame, (index,))
        for number in line_numbers(line.text):
            mention = _mention(number, rules, source, line.confidence, goods)
            if mention:
                mentions.append(mention)
    return mentions


def _mention(
    number: str, rules: WaybillRules, source: Source, confidence: float, goods: frozenset[str]
) -> Mention | None:
    form, companies = classify(number, rules)
    if any(number in digits for digits in goods):
        form, companies = Form.UNKNOWN, ()
    if form is Form.UNKNOWN and not (len(number) >= 8 and rules.advised(number)):
        return None
    return Mention(number, form, companies, source, confidence)


def judge(
    mentions: Sequence[Mention], rules: WaybillRules, texts: Iterable[str], late: bool = False
) -> Accepted | Refused:
    """Decide which number is the waybill.

    Parameters
    ----------
    mentions
        Of codes and lines together.
    rules
        Companies served, and the pre-advice.
    texts
        All text of the label, for the company's printed name.
    late
        Whether reading was cut short by its deadline.
    """
    groups = _by_number(mentions)
    sure = {number: group for number, group in groups.items() if _confirmed(number, group, rules)}
    leading = _leading(sure, rules)
    if len(leading) > 1:
        both = ", ".join(sorted(leading))
        return Refused(NoReadReason.CONTRADICTION, f"Different waybill numbers stand on it: {both}.", tuple(leading))
    if not leading:
        return _refusal(groups, late)
    number, group = next(iter(leading.items()))
    best = max(group, key=lambda mention: (mention.source.kind is SourceKind.CODE, mention.confidence))
    named = set().union(*(companies_named(text) for text in texts)) if len(best.companies) > 1 else set()
    return Accepted(number, _company(best, named), best.source, _confidence(best, group))


def _by_number(mentions: Sequence[Mention]) -> dict[str, list[Mention]]:
    """Group mentions by number; a bare number joins the multi-piece number it is the beginning of."""
    pieces = {m.number for m in mentions if _base(m.number) != m.number}
    groups: dict[str, list[Mention]] = {}
    for mention in mentions:
        whole = [number for number in pieces if _base(number) == mention.number]
        groups.setdefault(whole[0] if len(whole) == 1 else mention.number, []).append(mention)
    return groups


def _base(number: str) -> str:
    return number.split("-", 1)[0]


def _confirmed(number: str, group: Sequence[Mention], rules: WaybillRules) -> bool:
    """Say whether a number may be taken: by pre-advice, by a code of a safe form, or by agreement."""
    if rules.advised(number):
        return True
    form = max(mention.form for mention in group)
    coded = any(mention.source.kind is SourceKind.CODE for mention in group)
    prints = {(m.source.kind, m.source.frame, m.source.indices) for m in group}
    if form is Form.CHECKED:
        return True
    if form in (Form.PREFIXED, Form.DIGITS):
        return coded or len(prints) >= 2
    return form is Form.AMBIGUOUS and coded and len(prints) >= 2


def _leading(sure: dict[str, list[Mention]], rules: WaybillRules) -> dict[str, list[Mention]]:
    """Keep the numbers of the highest standing: pre-advised before others, codes before misreadings of them."""
    advised = {number: group for number, group in sure.items() if rules.advised(number)}
    kept = advised or _of_best_form(sure)
    coded = [number for number, group in kept.items() if any(m.source.kind is SourceKind.CODE for m in group)]
    return {
        number: group
        for number, group in kept.items()
        if number in coded or not any(_near(number, other) for other in coded)
    }


def _of_best_form(sure: dict[str, list[Mention]]) -> dict[str, list[Mention]]:
    """Drop numbers of ambiguous form beside one of a safe form: order and article numbers have codes of their own."""
    safe = {n: group for n, group in sure.items() if max(mention.form for mention in group) > Form.AMBIGUOUS}
    return safe or sure


def _near(one: str, other: str) -> bool:
    """Say whether two numbers differ so little that one is a misreading of the other."""
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) <= _CONFUSABLE_EDITS
    short, long = sorted((one, other), key=len)
    return len(long) - len(short) <= _CONFUSABLE_EDITS and short in long


def _refusal(groups: dict[str, list[Mention]], late: bool) -> Refused:
    ranked = sorted(groups, key=lambda n: max((m.form, m.confidence) for m in groups[n]), reverse=True)
    candidates = tuple(ranked)
    if late:
        return Refused(NoReadReason.TIMEOUT, "Time was up before a waybill number was certain.", candidates)
    if not candidates:
        return Refused(NoReadReason.NO_WAYBILL, "Something was read, but no waybill number among it.")
    seen = ", ".join(candidates[:3])
    return Refused(NoReadReason.UNCONFIRMED, f"Nothing confirms the number seen: {seen}.", candidates)


def _company(mention: Mention, named: set[str]) -> str | None:
    """Name the company, by the number's form, and between several by the name printed on the label."""
    if len(mention.companies) == 1:
        return mention.companies[0]
    both = [company for company in mention.companies if company in named]
    return both[0] if len(both) == 1 else None


def _confidence(best: Mention, group: Sequence[Mention]) -> float:
    """Combine agreeing mentions: each further one halves the doubt that is left."""
    doubt = 1 - best.confidence
    return round(1 - doubt * 0.5 ** (len(group) - 1), 4)
