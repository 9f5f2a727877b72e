"""The codes of one parcel: a first look at each frame, then, while no number is certain, with patience and together."""

from collections.abc import Sequence

from karez.domain.reading import Code, NoReadReason
from karez.reading import barcodes, neighbours, soft_codes
from karez.reading.findings import Findings
from karez.reading.soft_codes import BandOfBars
from karez.reading.verdicts import Accepted, Refused


def read_codes(findings: Findings, known: Sequence[Code] | None) -> Accepted | Refused:
    """Decode the codes of all frames: what a first look finds, then, while no number is certain, with patience."""
    for frame in findings.pictures:
        if known is not None:
            findings.add_codes(frame, [code for code in known if code.frame == frame])
        elif len(findings.pictures) > 1 and not findings.late():
            _decode(findings, frame, patient=False)
    if known is None:
        _decode_patiently(findings)
    return findings.verdict()


def _decode_patiently(findings: Findings) -> None:
    for frame in findings.pictures:
        if findings.late():
            return
        verdict = findings.verdict() if findings.codes else None
        if verdict is None or not _settled(verdict) or _may_tell_another(findings, frame, verdict):
            _decode(findings, frame, patient=True)
    if len(findings.pictures) > 1 and isinstance(findings.verdict(), Refused):
        _decode_together(findings)


def _may_tell_another(findings: Findings, frame: int, verdict: Accepted | Refused) -> bool:
    """Say whether a frame that told nothing at the first look shows a label as large as the number's own.

    It may be another parcel's: what is taken must not depend on which picture came first.
    """
    if not isinstance(verdict, Accepted) or verdict.label is None or frame == verdict.source.frame:
        return False
    own = findings.labels_of(verdict.source.frame)[verdict.label]
    told = any(mention.source.frame == frame for mention in findings.mentions())
    return not told and any(neighbours.sizeable(label, own) for label in findings.labels_of(frame))


def _settled(verdict: Accepted | Refused) -> bool:
    """Say whether further codes of the same frame can change nothing."""
    return isinstance(verdict, Accepted) or verdict.reason is NoReadReason.CONTRADICTION


def _decode_together(findings: Findings) -> None:
    """Weigh the bars of all frames as prints of one code: each alone may be too soft or too small to be read."""
    weighed: list[tuple[int, BandOfBars]] = []
    for frame, picture in findings.pictures.items():
        label = findings.layout(frame).main_label
        if label is not None and not findings.late():
            weighed += [(frame, band) for band in soft_codes.weighed(picture, label)]
    code = soft_codes.together([band for _, band in weighed])
    if code is not None:
        findings.add_codes(next(frame for frame, band in weighed if band.box == code.box), [code])


def _decode(findings: Findings, frame: int, patient: bool) -> None:
    """Decode one frame; with a look for the codes of a second label where there may be one."""
    picture, layout = findings.pictures[frame], findings.layout(frame)
    others = [code for code in findings.codes if code.frame != frame]
    if others and _settled(findings.verdict_on(others)):
        others = []  # they suffice by themselves: this frame is asked what it tells alone

    def enough(codes: Sequence[Code]) -> bool:
        return not patient or _settled(findings.verdict_on([*others, *findings.placed(frame, codes)]))

    findings.set_codes(frame, barcodes.cascade(picture, layout, enough, findings.late))
    if not findings.late() and neighbour_suspected(findings, frame):
        codes = [code for code in findings.codes if code.frame == frame]
        findings.add_codes(frame, neighbours.other_codes(picture, layout, codes, findings.late))


def neighbour_suspected(findings: Findings, frame: int) -> bool:
    """Say whether a frame may show a second label whose number is not known yet."""
    codes = [code for code in findings.codes if code.frame == frame]
    return neighbours.suspected(findings.labels_of(frame), codes, findings.px_per_mm)
