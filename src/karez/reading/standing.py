"""How the numbers found on one parcel stand to each other: grouped, weighed, near, misread, on another label."""

from collections.abc import Sequence

from karez.domain.reading import Source
from karez.reading.look_alikes import look_alike
from karez.reading.waybills import Form, Mention, Strength, WaybillRules, carton_number

_CONFUSABLE_EDITS = 2  # numbers this near to each other can be misreadings of one
_WEIGHT = {
    Strength.PRINT: 1,
    Strength.FEW_ROWS: 1,
    Strength.UNCHECKED_CODE: 1,
    Strength.RESTORED_CODE: 1,
    Strength.STRONG_CODE: 3,
}
_MAJORITY = 3  # times the weight of a confirmed number that is held for a misreading
_CLEAR = 0.8  # a print read with less says nothing against another number
_MOST_OF_IT = 10  # characters

Groups = dict[str, list[Mention]]
"""Mentions by number."""


def by_number(mentions: Sequence[Mention]) -> Groups:
    """Group mentions by number; a bare number joins the multi-piece number it is the beginning of.

    A print may lack the hyphen that a multi-piece number ends with in its code.
    """
    full: dict[str, str] = {}
    for mention in mentions:
        shorn = mention.number.rstrip("-")
        full[shorn] = max(full.get(shorn, ""), mention.number, key=len)
    pieces = {number for number in full.values() if _base(number) != number}
    groups: Groups = {}
    for mention in mentions:
        number = full[mention.number.rstrip("-")]
        whole = [piece for piece in pieces if _base(piece) == number]
        groups.setdefault(whole[0] if len(whole) == 1 else number, []).append(mention)
    return groups


def _base(number: str) -> str:
    return number.split("-", 1)[0]


def places(group: Sequence[Mention]) -> dict[Source, Strength]:
    """Independent places: one that mentions a number twice counts once."""
    return {mention.source: mention.strength for mention in group}


def weight(group: Sequence[Mention]) -> int:
    """Add up what its places weigh."""
    return sum(_WEIGHT[strength] for strength in places(group).values())


def strongest(group: Sequence[Mention]) -> Strength:
    """Say how far the best of its places can be trusted."""
    return max(mention.strength for mention in group)


def misread(number: str, groups: Groups, sure: set[str], rules: WaybillRules) -> bool:
    """Say whether a number is a misreading of another one that stands above it."""
    return any(
        other != number
        and _near(number, other)
        and not on_two_labels(groups[number], groups[other])
        and _above(other, number, groups, sure, rules)
        for other in groups
    )


def _above(one: str, other: str, groups: Groups, sure: set[str], rules: WaybillRules) -> bool:
    """Say whether the first of two near numbers is the right one: see the rules on top."""
    if rules.advised(one) != rules.advised(other):
        return rules.advised(one)
    strong = [strongest(groups[number]) is Strength.STRONG_CODE for number in (one, other)]
    if strong[0] != strong[1]:
        return strong[0]
    first, second = weight(groups[one]), weight(groups[other])
    if one in sure and other not in sure:
        return first > second or (strongest(groups[one]) is Strength.RESTORED_CODE and _figures_apart(one, other) == 1)
    return first >= _MAJORITY * second


def _near(one: str, other: str) -> bool:
    """Say whether two numbers differ so little that one may be a misreading of the other."""
    if len(one) == len(other):
        return _figures_apart(one, other) <= _CONFUSABLE_EDITS
    short, long = sorted((one, other), key=len)
    return len(long) - len(short) <= _CONFUSABLE_EDITS and short in long


def _figures_apart(one: str, other: str) -> int:
    """Count the places in which two numbers of one length differ; of other lengths, their length."""
    return sum(a != b for a, b in zip(one, other, strict=True)) if len(one) == len(other) else max(len(one), len(other))


def on_two_labels(one: Sequence[Mention], other: Sequence[Mention]) -> bool:
    """Say whether a frame shows the two numbers on different labels, and neither of them on the other's."""
    places, others = _labels(one), _labels(other)
    frames = {frame for frame, _ in places} & {frame for frame, _ in others}
    return bool(frames) and not places & others


def _labels(group: Sequence[Mention]) -> set[tuple[int, int]]:
    return {(mention.source.frame, mention.label) for mention in group if mention.label is not None}


def rivals(number: str, group: Sequence[Mention], other: str, rivals: Sequence[Mention]) -> bool:
    """Say whether another number speaks against one that no strong code holds: a near one, or its own print."""
    if strongest(group) is Strength.STRONG_CODE:
        return False
    if _same_print(number, other):
        return False
    coded = [mention.source for mention in group if mention.strength > Strength.PRINT]
    codes = {(source.frame, index) for source in coded for index in source.indices}
    clear = [mention for mention in rivals if mention.confidence >= _CLEAR]
    return bool(clear) and (
        _near(number, other) or any((mention.source.frame, mention.print_of) in codes for mention in clear)
    )


def _same_print(number: str, other: str) -> bool:
    """Say whether a print can be that of a number: read without its head or tail, or with look-alikes in it."""
    if len(other) == len(number):
        return all(a == b or look_alike(a, b) for a, b in zip(number, other, strict=True))
    return len(other) >= _MOST_OF_IT and (number.startswith(other) or number.endswith(other))


def neighbours(group: Sequence[Mention], rivals: Sequence[Mention]) -> bool:
    """Say whether a clear print of a safe form stands on another label of the same picture.

    Fourteen figures with the check digit of goods (GTIN-14) are printed on cartons, one in ten of ZTO's form.
    """
    safe = any(
        mention.form > Form.AMBIGUOUS and mention.confidence >= _CLEAR and not carton_number(mention.number)
        for mention in rivals
    )
    return safe and on_two_labels(group, rivals)


def safe(groups: Groups) -> Groups:
    """Keep the numbers whose form tells a company."""
    return {n: group for n, group in groups.items() if max(mention.form for mention in group) > Form.AMBIGUOUS}
