"""Pictures of one parcel that were read one by one, by several readers and at several times: weighed together.

What a picture told is kept as evidence (numbers and fields, no pixels); each further picture is judged with all of it,
by the rules of `verdicts`, as if they had been read in one go.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from karez.domain.reading import Found, NoRead, NoReadReason, Party, Reading, Source, SourceKind
from karez.reading import mentions, verdicts, votes
from karez.reading.verdicts import Accepted, Refused
from karez.reading.waybills import Mention, Strength, WaybillRules, classify, companies_named


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one picture told.

    Attributes
    ----------
    mentions
        Numbers that could be the waybill.
    company_lines
        Texts that name a courier company.
    sort_code, address
        Fields; an address is personal data.
    """

    mentions: tuple[Mention, ...]
    company_lines: tuple[str, ...] = ()
    sort_code: Found | None = None
    address: Found | None = None


def evidence(outcome: Reading | NoRead, rules: WaybillRules) -> Evidence:
    """Keep of one picture's outcome what counts for the next one."""
    found = mentions.all_mentions(outcome.codes, outcome.lines, rules)
    if isinstance(outcome, Reading) and not any(m.number == outcome.waybill.value for m in found):
        found.append(_taken(outcome, rules))
    texts = [*(line.text for line in outcome.lines), *(code.text for code in outcome.codes)]
    lines = tuple(text for text in texts if companies_named(text))
    return Evidence(tuple(found), lines, outcome.sort_code, outcome.address)


def _taken(reading: Reading, rules: WaybillRules) -> Mention:
    """Mention of a number whose codes and lines did not come with the reading."""
    number, source = reading.waybill.value, reading.waybill.source
    form, companies = classify(number, rules)
    strength = Strength.STRONG_CODE if source.kind is SourceKind.CODE else Strength.PRINT
    return Mention(number, form, companies, source, reading.waybill.confidence, strength)


def judged_with(
    outcome: Reading | NoRead, own: Evidence, earlier: Sequence[Evidence], rules: WaybillRules
) -> Reading | NoRead:
    """Judge a picture together with earlier ones of the same parcel.

    Returns
    -------
    The outcome with the number that all of them together tell, or with the contradiction between them. Codes and lines
    are this picture's; a source in an earlier picture has no ``indices``.
    """
    if not earlier:
        return outcome
    pictures = [own, *earlier]
    found = [_in_frame(mention, frame) for frame, each in enumerate(pictures) for mention in each.mentions]
    lines = [line for each in pictures for line in each.company_lines]
    verdict = verdicts.judge(found, rules, lines)
    if isinstance(verdict, Refused) and verdict.reason is NoReadReason.CONTRADICTION:
        return _no_read(outcome, verdict.reason, verdict.explanation, verdict.candidates)  # no field of another parcel
    outcome = _with_fields(outcome, pictures)
    if isinstance(verdict, Accepted):
        return _accepted(outcome, verdict)
    if isinstance(outcome, NoRead):
        return replace(outcome, candidates=verdict.candidates or outcome.candidates)
    return outcome


def _in_frame(mention: Mention, frame: int) -> Mention:
    """Number the pictures: each counts as evidence of its own."""
    source = mention.source
    return replace(mention, source=Source(source.kind, frame, source.indices))


def _here(source: Source) -> Source:
    """Place of a value in this picture (frame 0); none where it was read in an earlier one."""
    return source if source.frame == 0 else Source(source.kind, 0, ())


def _with_fields(outcome: Reading | NoRead, pictures: Sequence[Evidence]) -> Reading | NoRead:
    def field(readings: Sequence[Found | None]) -> Found | None:
        placed = [
            replace(each, source=Source(each.source.kind, frame, each.source.indices))
            for frame, each in enumerate(readings)
            if each is not None
        ]
        found = votes.voted(placed)
        return None if found is None else replace(found, source=_here(found.source))

    sort_code, address = field([each.sort_code for each in pictures]), field([each.address for each in pictures])
    recipient = replace(outcome.recipient or Party(), address=address) if address or outcome.recipient else None
    return replace(outcome, sort_code=sort_code, address=address, recipient=recipient)


def _accepted(outcome: Reading | NoRead, verdict: Accepted) -> Reading:
    waybill = Found(verdict.number, _here(verdict.source), verdict.confidence, verdict.read_as)
    return Reading(
        waybill,
        verdict.company,
        outcome.sort_code,
        outcome.address,
        outcome.codes,
        outcome.lines,
        outcome.ms,
        outcome.recipient,
        outcome.sender,
        outcome.weight_g,
        outcome.labels,
    )


def _no_read(outcome: Reading | NoRead, reason: NoReadReason, explanation: str, candidates: tuple[str, ...]) -> NoRead:
    return NoRead(
        reason,
        explanation,
        candidates,
        outcome.sort_code,
        outcome.address,
        outcome.codes,
        outcome.lines,
        outcome.ms,
        outcome.recipient,
        outcome.sender,
        outcome.weight_g,
        outcome.labels,
    )
