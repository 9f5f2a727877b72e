"""What is known so far about one parcel: pictures, codes and lines found in them, and what follows from those."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypedDict

from karez.domain.frames import Frame
from karez.domain.reading import Box, Code, Found, Label, Line, NoRead, NoReadReason, Party, Reading
from karez.reading import (
    address_words,
    labels,
    locating,
    mentions,
    neighbours,
    persons,
    perspective,
    pictures,
    verdicts,
)
from karez.reading.fields import Face, Fields, fields_of
from karez.reading.printed_lines import PrintedLine
from karez.reading.verdicts import Accepted, Refused
from karez.reading.views import Region
from karez.reading.waybills import Form, Mention, WaybillRules


class Findings:
    """Grows as stages of reading add to it; asked for its verdict after each of them.

    Parameters
    ----------
    deadline
        Says that time is up.
    px_per_mm
        Scale of the camera, where it is known.
    """

    def __init__(self, rules: WaybillRules, deadline: Callable[[], bool], px_per_mm: float | None = None) -> None:
        self.rules, self._deadline, self.px_per_mm = rules, deadline, px_per_mm
        self.cut_short = False
        self.pictures: dict[int, pictures.Grey] = {}
        self.codes: list[Code] = []
        self.text_read: set[tuple[int, int]] = set()
        self._printed: list[PrintedLine] = []
        self._mentions: list[Mention] | None = None
        self._layouts: dict[int, locating.Layout] = {}
        self._labels: dict[int, tuple[Region, ...]] = {}

    def late(self) -> bool:
        """Say whether time is up; whoever is told so stops, and the verdict says it."""
        self.cut_short = self.cut_short or self._deadline()
        return self.cut_short

    def decode(self, frames: Sequence[Frame], max_megapixels: float) -> pictures.Undecodable | None:
        """Decode what can be decoded; if nothing can, say why of the first."""
        first: pictures.Undecodable | None = None
        for index, frame in enumerate(frames):
            grey = pictures.decode(frame.data, max_megapixels)
            if isinstance(grey, pictures.Undecodable):
                first = first or grey
            else:
                self.pictures[index] = grey
        if self.pictures:
            return None
        return first or pictures.Undecodable(NoReadReason.NO_PICTURE, "No picture came.")

    def layout(self, frame: int) -> locating.Layout:
        """Where print stands in a frame; looked for once."""
        if frame not in self._layouts:
            self._layouts[frame] = locating.locate(self.pictures[frame])
        return self._layouts[frame]

    def labels_of(self, frame: int) -> tuple[Region, ...]:
        """List the labels of a frame, the main one first."""
        if frame not in self._labels:
            self._labels[frame] = labels.outlines(self.layout(frame))
        return self._labels[frame]

    def placed(self, frame: int, codes: Sequence[Code]) -> list[Code]:
        """Say of codes which frame and label they stand on."""
        return [replace(code, frame=frame, label=labels.label_of(code.box, self.labels_of(frame))) for code in codes]

    def add_codes(self, frame: int, codes: Sequence[Code]) -> None:
        """Take in codes of a frame."""
        self.codes += self.placed(frame, codes)
        self._mentions = None

    def set_codes(self, frame: int, codes: Sequence[Code]) -> None:
        """Take these for all codes of a frame, found with more patience than those before."""
        self.codes = [code for code in self.codes if code.frame != frame]
        self.add_codes(frame, codes)

    def add_lines(self, frame: int, label: int, printed: Sequence[PrintedLine]) -> None:
        """Take in the lines that were read for one label; ``label`` is 0 where the frame shows none."""
        self.text_read.add((frame, label))
        for each in printed:
            place = labels.label_of(each.line.box, self.labels_of(frame))
            self._printed.append(replace(each, line=replace(each.line, frame=frame, label=place)))
        self._mentions = None

    def mentions(self) -> list[Mention]:
        """Find the numbers in all codes and lines."""
        if self._mentions is None:
            self._mentions = self._mentioned(self.codes)
        return self._mentions

    def _mentioned(self, codes: Sequence[Code]) -> list[Mention]:
        return mentions.all_mentions(codes, [printed.line for printed in self._printed], self.rules)

    def verdict(self) -> Accepted | Refused:
        """Judge what was found."""
        if not (self.codes or self._printed or self.cut_short):
            return Refused(NoReadReason.NO_LABEL, "Neither a code nor text was found in the picture.")
        return self._judged(self.mentions(), self.codes)

    def verdict_on(self, codes: Sequence[Code]) -> Accepted | Refused:
        """Judge as if these were all the codes."""
        return self._judged(self._mentioned(codes), codes)

    def _judged(self, found: Sequence[Mention], codes: Sequence[Code]) -> Accepted | Refused:
        texts = [*(each.line.text for each in self._printed), *(code.text for code in codes)]
        return verdicts.judge(found, self.rules, texts, self.cut_short)

    def label_with(self, frame: int, number: str) -> int | None:
        """Say on which label of a frame a number stands."""
        there = [m.label for m in self.mentions() if m.source.frame == frame and m.number == number]
        return next((label for label in there if label is not None), None)

    def mute_labels(self, frame: int, own: int) -> list[int]:
        """List labels that tell no number, and are large enough to be the parcel's own instead of ``own``."""
        regions = self.labels_of(frame)
        here = [m for m in self.mentions() if m.source.frame == frame]
        telling = {m.label for m in here if m.form > Form.AMBIGUOUS or self.rules.advised(m.number)} | {own}
        return [
            index
            for index, label in enumerate(regions)
            if index not in telling and neighbours.sizeable(label, regions[own])
        ]

    def addresses_someone(self, frame: int, label: int) -> bool:
        """Say whether a label speaks of a consignment: two phone numbers, or one and a mark of sender or recipient."""
        texts = [each.line.text for each in self._printed if (each.line.frame, each.line.label) == (frame, label)]
        phones = sum(persons.person_in(text).phone is not None for text in texts)
        return phones >= 2 or (phones == 1 and any(address_words.without_mark(text) != text for text in texts))

    def result(self, verdict: Accepted | Refused, ms: float) -> Reading | NoRead:
        """Put together what leaves the room."""
        told = self._told(verdict)
        index = self._label_index()
        found: _Found = {
            "sort_code": told.sort_code,
            "address": told.address,
            "codes": tuple(index.code(code) for code in self.codes),
            "lines": tuple(index.line(each.line) for each in self._printed),
            "ms": round(ms, 2),
            "recipient": told.recipient,
            "sender": told.sender,
            "weight_g": told.weight_g,
            "labels": tuple(index.labels),
        }
        if isinstance(verdict, Refused):
            return NoRead(verdict.reason, verdict.explanation, verdict.candidates, **found)
        waybill = Found(verdict.number, verdict.source, verdict.confidence, verdict.read_as)
        return Reading(waybill, verdict.company, **found)

    def _label_index(self) -> labels.LabelIndex:
        """List the labels on which something stands."""
        found = self.mentions()
        lines = [each.line for each in self._printed]
        held = {(each.frame, each.label) for each in self.codes} | {(each.frame, each.label) for each in lines}
        index = labels.LabelIndex()
        for frame, label in sorted((frame, label) for frame, label in held if label is not None):
            here = [mention for mention in found if (mention.source.frame, mention.label) == (frame, label)]
            index.put(frame, label, self._outline(frame, label), verdicts.ranked(here, self.rules))
        return index

    def _outline(self, frame: int, label: int) -> Box:
        """Bound a label; in perspective where its text was read, for that takes a millisecond."""
        region = self._labels[frame][label]
        slanted = perspective.outline(self._layouts[frame], region) if (frame, label) in self.text_read else None
        return slanted or labels.region_box(region)

    def _told(self, verdict: Accepted | Refused) -> Fields:
        """Find the fields; none where two labels contradict each other: sort code of one, address of the other."""
        if isinstance(verdict, Refused) and verdict.reason is NoReadReason.CONTRADICTION:
            places = [self._places_of(number) for number in verdict.candidates]
            if not set.intersection(*places):
                return Fields()
        return self._fields(verdict.number if isinstance(verdict, Accepted) else None)

    def _places_of(self, number: str) -> set[tuple[int, int | None]]:
        return {(m.source.frame, m.label) for m in self.mentions() if m.number == number}

    def _fields(self, number: str | None) -> Fields:
        """Find the fields on the labels of the number; where none was taken, on the first label that was read.

        A crease or sticker may part one label in two that carry the same number; each is looked at by itself.
        """
        own = {frame: self._own_labels(frame, number) for frame in self.pictures}
        faces = [self._face(frame, label) for frame, mine in own.items() for label in mine]
        codes = [(at, code) for at, code in enumerate(self.codes) if code.label in (None, *own[code.frame])]
        return fields_of(faces, codes)

    def _face(self, frame: int, label: int | None) -> Face:
        lines = [each.line for each in self._printed]
        at = [index for index, line in enumerate(lines) if line.frame == frame and line.label in (None, label)]
        return Face(frame, tuple(self._printed[index] for index in at), tuple(at))

    def _own_labels(self, frame: int, number: str | None) -> list[int | None]:
        """Say which labels of a frame are the parcel's; what stands on others may be another parcel's."""
        told = [m.label for m in self.mentions() if m.source.frame == frame and number and m.number == number]
        own: list[int | None] = list(dict.fromkeys(label for label in told if label is not None))
        if own:
            return own
        things: list[Code | Line] = [*(each.line for each in self._printed), *self.codes]
        return [min((each.label for each in things if each.frame == frame and each.label is not None), default=None)]


class _Found(TypedDict):
    """What a reading and a no-read have in common."""

    sort_code: Found | None
    address: Found | None
    codes: Sequence[Code]
    lines: Sequence[Line]
    ms: float
    recipient: Party | None
    sender: Party | None
    weight_g: int | None
    labels: Sequence[Label]
