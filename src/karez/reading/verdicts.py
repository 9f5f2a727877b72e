"""From mentions to one verdict: which number is the waybill, or why none is taken.

The evidence of all codes, prints and frames is weighed together:

- A code with a check character or error correction of its own weighs 3, an unchecked or restored code 1, a print 1. The
  same number in another place or another frame is further evidence.
- Bars of which a thin strip was seen, a few rows, need a second place, whatever check character they have.
- Figures that only an unchecked code (ITF, Code 39, Codabar) tells need a second place: misread cartons look like them.
- Figures that several companies use, and other trades, need a code, a second place and one of the companies' names.
- A waybill known by text alone needs two agreeing prints or frames, a check digit, or membership in the pre-advice.
- Two numbers within two characters of each other may be one, misread. The pre-advised one stands above the other; then
  the one in a strong code; then the one with three times the other's weight, or with more weight than a number that
  nothing confirms; then the one in a restored code whose print differs in one place only: two wrong symbols at least
  are needed to deceive a check character. If neither stands above the other, that is a contradiction. On two labels of
  one picture they are two numbers, not one misread: consignments of one shop are numbered on.
- Any other two confirmed numbers are a contradiction, however the frames are divided: another parcel in view is no
  misreading, and counting pictures does not tell whose parcel this is.
- A number that only an unchecked or restored code tells is contradicted by a clear print of another number right beside
  it; not by a print that lacks its head or tail, or that differs in nothing but look-alikes (8 for B).
- A confirmed number is contradicted also by a single print of a safe form on another label of the same picture: one
  of the two may be a neighbour's, and its own label the one whose code is spoilt.
- Pre-advice decides between numbers of one label, never between two labels in one picture.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from karez.domain.reading import NoReadReason, Source
from karez.reading import standing
from karez.reading.standing import Groups
from karez.reading.waybills import Form, Mention, Strength, WaybillRules, companies_named

_CHECKED_PRINT = 0.7  # a print whose check digit is right, read with less, may be something else that has one by chance


@dataclass(frozen=True, slots=True)
class Accepted:
    """The waybill number, whose it is, where it was read, and what was read before a look-alike was repaired."""

    number: str
    company: str | None
    source: Source
    confidence: float
    label: int | None = None
    read_as: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """No waybill number is taken, and why; ``candidates`` were seen, best first."""

    reason: NoReadReason
    explanation: str
    candidates: tuple[str, ...] = ()


def judge(
    mentions: Sequence[Mention], rules: WaybillRules, texts: Iterable[str], late: bool = False
) -> Accepted | Refused:
    """Decide which number is the waybill.

    Parameters
    ----------
    mentions
        Of codes and lines of all frames together.
    rules
        Companies served, and the pre-advice.
    texts
        All text of the label, for the company's printed name.
    late
        Whether reading was cut short by its deadline.
    """
    groups = standing.by_number(mentions)
    named = set().union(*(companies_named(text) for text in texts))
    sure = {number for number, group in groups.items() if _confirmed(number, group, rules, named)}
    left = {number: group for number, group in groups.items() if not standing.misread(number, groups, sure, rules)}
    leading = _leading({number: group for number, group in left.items() if number in sure}, rules)
    if not leading:
        return _refusal(groups, rules, late)
    against = _against(leading, left)
    if len(leading) > 1 or against:
        both = _ranked({**leading, **against}, rules)
        seen = ", ".join(sorted(both))
        return Refused(NoReadReason.CONTRADICTION, f"Different waybill numbers stand on it: {seen}.", both)
    number, group = next(iter(leading.items()))
    best = max(group, key=lambda mention: (mention.strength, mention.read_as is None, mention.confidence))
    return Accepted(number, _company(best, named), best.source, _confidence(best, group), best.label, best.read_as)


def _confirmed(number: str, group: Sequence[Mention], rules: WaybillRules, named: Iterable[str]) -> bool:
    """Say whether a number may be taken: by pre-advice, by a code of a safe form, or by agreement."""
    if rules.advised(number):
        return True
    form, strongest = max(mention.form for mention in group), standing.strongest(group)
    agreed = len(standing.places(group)) >= 2
    if form is Form.CHECKED:
        return agreed or strongest > Strength.PRINT or max(mention.confidence for mention in group) >= _CHECKED_PRINT
    if form is Form.PREFIXED:
        return agreed or strongest > Strength.FEW_ROWS
    if form is Form.DIGITS:
        return agreed or strongest > Strength.UNCHECKED_CODE
    whose = {company for mention in group for company in mention.companies}
    return form is Form.AMBIGUOUS and agreed and strongest > Strength.PRINT and not whose.isdisjoint(named)


def _leading(sure: Groups, rules: WaybillRules) -> Groups:
    """Keep the numbers of the highest standing: pre-advised before others of the same label, safe forms before others.

    Order and article numbers have codes of their own, of ambiguous form.
    """
    safe = standing.safe(sure)
    advised = {number: group for number, group in sure.items() if rules.advised(number)}
    if not advised:
        return safe or sure
    elsewhere = {
        number: group
        for number, group in safe.items()
        if number not in advised and all(standing.on_two_labels(group, other) for other in advised.values())
    }
    return {**advised, **elsewhere}


def _against(leading: Groups, left: Groups) -> Groups:
    """Find what speaks against the one number that leads: a near number as strong, or a print on another label."""
    if len(leading) != 1:
        return {}
    number, group = next(iter(leading.items()))
    return {
        other: rivals
        for other, rivals in left.items()
        if other != number and (standing.rivals(number, group, other, rivals) or standing.neighbours(group, rivals))
    }


def ranked(mentions: Sequence[Mention], rules: WaybillRules) -> tuple[str, ...]:
    """Order the numbers of one label that could be its waybill; misreadings, and beside safe forms others, left out."""
    groups = standing.by_number(mentions)
    sure = {number for number, group in groups.items() if _confirmed(number, group, rules, ())}
    left = {number: group for number, group in groups.items() if not standing.misread(number, groups, sure, rules)}
    return _ranked(standing.safe(left) or left, rules)


def _ranked(groups: Groups, rules: WaybillRules) -> tuple[str, ...]:
    """Order numbers by what speaks for them; where that is equal, by the number, not by the order of finding."""

    def rank(number: str) -> tuple[bool, Form, int, float]:
        group = groups[number]
        best = max(mention.confidence for mention in group)
        return rules.advised(number), max(mention.form for mention in group), standing.weight(group), best

    return tuple(sorted(sorted(groups), key=rank, reverse=True))


def _refusal(groups: Groups, rules: WaybillRules, late: bool) -> Refused:
    candidates = _ranked(groups, rules)
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
    """Combine agreeing places: each further one halves the doubt that is left."""
    doubt = 1 - best.confidence
    return round(1 - doubt * 0.5 ** (len(standing.places(group)) - 1), 4)
