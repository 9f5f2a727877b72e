"""Learned addresses: how the answers of coding operators to one address stand, and where they lead."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import sqrt
from typing import Protocol

from karez.address.areas.areas import Areas
from karez.address.by_area import destination_in
from karez.address.door import above_door, door_of
from karez.address.gazetteer import Gazetteer
from karez.domain.destination import Candidate, Destination, DestinationReason, Unresolved, UnresolvedReason
from karez.domain.ids import AreaId
from karez.domain.learned import LearnedAnswer

SUREST = 0.98
"""However many agree: people err, and areas are drawn anew."""

FADED = 0.25
"""An answer that weighed less when the newest one was given disputes nothing: the door may have changed areas since."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the answers to one address stand at one moment.

    Attributes
    ----------
    areas
        Each with the weight of what speaks for it; more than one is a dispute, and then none is taken.
    counted
        The answers that count, oldest first.
    confidence
        0 to `SUREST`; 0 in a dispute.
    """

    areas: Sequence[AreaId]
    counted: Sequence[LearnedAnswer]
    confidence: float

    @property
    def disputed(self) -> bool:
        """Whether operators disagree and the lead has not decided."""
        return len(self.areas) > 1

    @property
    def area(self) -> AreaId | None:
        """Where parcels of the address go; ``None`` in a dispute."""
        return None if self.disputed else self.areas[0]

    @property
    def operators(self) -> Sequence[str]:
        """Whose answers count, in the order of their names."""
        return sorted({each.operator for each in self.counted})


def standing(answers: Iterable[LearnedAnswer], now: datetime, half_life: timedelta) -> Standing | None:
    """Weigh the answers to one address; ``None`` where there are none.

    An operator who changes her mind corrects herself: of her answers only those that agree with her newest one count.
    Two operators who name different areas make a dispute, however many answers each gave: it ends when an answer is
    undone, when one that `decides` is given after them, or when one side has faded before the newest answer (`FADED`).

    The confidence is the rule of succession, (n + 1) / (n + 2), which needs no assumption about how often operators
    err. n is the square of the sum, over operators, of the root of each one's weight: one operator's nine fresh
    answers count nine, and so do three operators with one each, for a mistake is repeated by one person more easily
    than by three. Nothing is surer than its newest answer is fresh, (1 + its weight) / 2: however many answered, all of
    them answered before the area was drawn anew, if it was.
    """
    counted = _not_faded(_counted(answers), half_life)
    if not counted:
        return None
    areas = sorted({each.area for each in counted})
    if len(areas) > 1:
        return Standing(areas, counted, 0.0)
    weights: dict[str, float] = defaultdict(float)
    for each in counted:
        weights[each.operator] += weight(each, now, half_life)
    n = sum(sqrt(each) for each in weights.values()) ** 2
    fresh = weight(counted[-1], now, half_life)
    return Standing(areas, counted, min(SUREST, (n + 1) / (n + 2), (1 + fresh) / 2))


def weight(answer: LearnedAnswer, now: datetime, half_life: timedelta) -> float:
    """Weight of an answer: 1 when it is given, half after each half-life."""
    return float(0.5 ** (max(now - answer.at, timedelta(0)) / half_life))


def _counted(answers: Iterable[LearnedAnswer]) -> list[LearnedAnswer]:
    """Leave out what the lead overruled, and what operators said before they changed their minds."""
    ordered = sorted(answers, key=_when)
    word = next((each for each in reversed(ordered) if each.decides), None)
    if word is not None:
        ordered = [each for each in ordered if each.area == word.area or _when(each) > _when(word)]
    newest = {each.operator: each.area for each in ordered}
    return [each for each in ordered if each.area == newest[each.operator]]


def _not_faded(ordered: list[LearnedAnswer], half_life: timedelta) -> list[LearnedAnswer]:
    """Leave out areas that nobody has named for long; by the newest answer, not by the clock, so that it stays so."""
    recent = {each.area for each in ordered if weight(each, ordered[-1].at, half_life) >= FADED}
    return [each for each in ordered if each.area in recent]


def _when(answer: LearnedAnswer) -> tuple[datetime, str]:
    """Order in time; of two at the same moment the ids decide, so that the order of storing never does."""
    return answer.at, answer.id


class Answers(Protocol):
    """Where answers are kept."""

    def any_below(self, above: str) -> bool:
        """Whether there are any to addresses that begin so; to any address, for an empty beginning."""
        ...

    def of(self, address: str) -> Sequence[LearnedAnswer]:
        """Answers to one address."""
        ...


class AnswersInMemory:
    """Answers read once, for work that takes no notice of newer ones (a stream of addresses)."""

    def __init__(self, answers: Iterable[LearnedAnswer]) -> None:
        self._by_address: dict[str, list[LearnedAnswer]] = defaultdict(list)
        for each in answers:
            self._by_address[each.address].append(each)
        self._addresses = sorted(self._by_address)

    def any_below(self, above: str) -> bool:
        """Whether there are any to addresses that begin so."""
        first = bisect_left(self._addresses, above)
        return first < len(self._addresses) and self._addresses[first].startswith(above)

    def of(self, address: str) -> Sequence[LearnedAnswer]:
        """Answers to one address."""
        return self._by_address.get(address, ())

    def addresses(self) -> Sequence[str]:
        """Every address that an answer was given to."""
        return self._addresses


class LearnedAddresses:
    """What the resolver asks before it goes by the area rules.

    Parameters
    ----------
    areas
        Answers that name an area which is no longer among them do not count; ``None`` lets every area count.
    now
        Clock, aware UTC.
    """

    def __init__(
        self,
        answers: Answers,
        gazetteer: Gazetteer,
        areas: Areas | None,
        half_life: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._answers, self._gazetteer, self._areas = answers, gazetteer, areas
        self._half_life, self._now = half_life, now

    def destination(self, text: str, found: Destination | Unresolved) -> Destination | Unresolved | None:
        """Return what operators taught about an address; ``None`` where they taught nothing.

        Parameters
        ----------
        found
            What the gazetteer and the area rules make of it: the county is part of what is compared.
        """
        if not self._answers.any_below(above_door(found)):
            return None  # most counties: the address need not be taken apart
        door = door_of(text, found, self._gazetteer)
        stands = self.standing(self._answers.of(door)) if door else None
        if stands is None:
            return None
        return self._disputed(stands) if stands.area is None else self._learned(stands, stands.area, found)

    def standing(self, answers: Iterable[LearnedAnswer]) -> Standing | None:
        """Weigh the answers to one address now."""
        return standing(filter(self._names_an_area, answers), self._now(), self._half_life)

    def _names_an_area(self, answer: LearnedAnswer) -> bool:
        return self._areas is None or self._areas.get(answer.area) is not None

    def _learned(self, stands: Standing, area: AreaId, found: Destination | Unresolved) -> Destination:
        explanation, sure = _explain(stands, area), round(stands.confidence, 3)
        bare = destination_in(area, self._areas, self._gazetteer, DestinationReason.LEARNED, explanation, sure)
        if isinstance(found, Unresolved) or bare.county not in (None, found.county):
            return bare
        agreed = found.confidence if found.area == area else 0.0
        confidence = min(SUREST, max(sure, agreed))
        return replace(
            found,
            area=area,
            reason=DestinationReason.LEARNED,
            confidence=confidence,
            explanation=explanation,
            for_the_record=None,
        )

    def _disputed(self, stands: Standing) -> Unresolved:
        of_area = (
            destination_in(area, self._areas, self._gazetteer, DestinationReason.LEARNED, "", 0.0)
            for area in stands.areas
        )
        candidates = tuple(
            Candidate(
                each.province_name, each.prefecture_name, each.county, each.county_name, None, None, each.area, 0.0
            )
            for each in of_area
        )
        said = f"Operators gave this address to {' and '.join(stands.areas)}; the lead has not decided yet."
        return Unresolved(UnresolvedReason.DISPUTED, said, candidates)


def _explain(stands: Standing, area: AreaId) -> str:
    """Say how many taught it, and when last; no word of the address."""
    answers, operators = len(stands.counted), len(stands.operators)
    last = max(each.at for each in stands.counted)
    given = "1 answer" if answers == 1 else f"{answers} answers"
    by = "1 operator" if operators == 1 else f"{operators} operators"
    return f"{given} of {by} sent this address to {area}, the last on {last:%Y-%m-%d}."
