"""Codes from the PLC's own scanner: no picture, the same verdict."""

from collections.abc import Sequence

from karez.domain.reading import Code, Found, NoRead, Reading
from karez.reading import mentions, verdicts
from karez.reading.verdicts import Refused
from karez.reading.waybills import WaybillRules

FORMAT = "Scanner"
"""Stands for the symbology, which a scanner's telegram does not tell."""

_NOWHERE = ((0, 0), (0, 0), (0, 0), (0, 0))


def judge_scanned(texts: Sequence[str], rules: WaybillRules) -> Reading | NoRead:
    """Find the waybill number among the codes of a SCAN telegram; ``box`` is all zero, for there is no picture."""
    codes = tuple(Code(text, FORMAT, _NOWHERE) for text in texts)
    verdict = verdicts.judge(mentions.code_mentions(codes, rules), rules, texts)
    if isinstance(verdict, Refused):
        return NoRead(verdict.reason, verdict.explanation, verdict.candidates, codes=codes)
    waybill = Found(verdict.number, verdict.source, verdict.confidence)
    return Reading(waybill, verdict.company, None, None, codes, (), 0.0)
