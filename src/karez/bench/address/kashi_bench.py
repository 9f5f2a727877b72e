"""Bench on the Kashi region: drawn addresses resolved to township and village, and what went wrong by kind."""

from dataclasses import dataclass

from karez.address.gazetteer import Gazetteer
from karez.bench.address.answers import Answer
from karez.bench.address.kashi_drawing import Drawing, Drawn
from karez.bench.address.kashi_region import Region
from karez.bench.address.kashi_troubles import Trouble, Troubles, traditional_forms
from karez.bench.address.labelled_bench import Progress, without_lookalikes_but
from karez.bench.address.noise import halved
from karez.bench.address.scoring import SURE
from karez.bench.address.subjects import Karez

_PART = 500  # addresses between two notices of progress


@dataclass(frozen=True, slots=True)
class KashiMark:
    """How one drawn address fared."""

    drawn: Drawn
    answer: Answer

    @property
    def county_right(self) -> bool:
        """Whether the county of today's map was given."""
        return self.answer.county == self.drawn.county.name

    @property
    def township_right(self) -> bool:
        """Whether county and township were given."""
        return self.county_right and self.answer.township == self.drawn.township.name

    @property
    def township_wrong(self) -> bool:
        """Whether another township was given; none at all is not wrong."""
        return self.answer.township is not None and not self.township_right

    @property
    def village_right(self) -> bool:
        """Whether the village was given, and the township with it."""
        village = self.drawn.village
        return self.township_right and village is not None and self.answer.village == village.name

    @property
    def sure_and_wrong(self) -> bool:
        """Whether another county or township was given for sure."""
        sure = (self.answer.confidence or 0.0) >= SURE
        return sure and (not self.county_right or self.township_wrong)

    @property
    def failed(self) -> str:
        """Say in a word what went wrong; empty where nothing did."""
        if self.drawn.told_county and not self.county_right:
            return "county wrong" if self.answer.county else "no place"
        if self.drawn.told_township and not self.township_right:
            return "township wrong" if self.township_wrong else "township missing"
        if self.drawn.told_township and self.drawn.told_village and not self.village_right:
            return "village wrong" if self.answer.village else "village missing"
        return "township guessed" if not self.drawn.told_township and self.township_wrong else ""


def run(count: int, seed: int, gazetteer: Gazetteer, progress: Progress) -> list[KashiMark]:
    """Draw and resolve addresses; where look-alikes were put in, Karez repairs by the other half of them."""
    halves = halved(gazetteer.lookalikes, seed)
    troubles = Troubles(halves.held_out, traditional_forms(gazetteer))
    drawn = list(Drawing(Region(gazetteer), troubles).draw(count, seed))
    as_it_is, by_half = Karez(gazetteer), Karez(without_lookalikes_but(halves.for_repair))
    marks: list[KashiMark] = []
    for start in range(0, len(drawn), _PART):
        part = drawn[start : start + _PART]
        for each in part:
            subject = by_half if each.trouble == Trouble.LOOKALIKE else as_it_is
            marks.append(KashiMark(each, subject.answer([each.text])[0]))
        progress("Kashi", start + len(part), len(drawn))
    return marks
