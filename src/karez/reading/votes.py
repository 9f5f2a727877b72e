"""One field read in several frames: the readings vote, and agreement raises confidence."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from karez.domain.reading import Found

_ALONE_ENOUGH = 3  # readings of one length from which on characters are voted one by one


@dataclass(frozen=True, slots=True)
class _Ballot:
    """One value, gaps left out of the comparison, and those who read it so."""

    plain: str
    found: tuple[Found, ...]

    @property
    def weight(self) -> float:
        return sum(each.confidence for each in self.found)


def voted(readings: Sequence[Found]) -> Found | None:
    """Choose between readings of one field, each of another frame.

    The value most of them agree on; where no two agree and at least three have one length, the majority of each
    character; else the reading that is surest of itself. Its place is where the nearest reading stands. Each further
    frame that agrees halves the doubt that is left. The order of the frames does not matter.
    """
    if not readings:
        return None
    ballots = _ballots(readings)
    best = max(ballots, key=lambda ballot: (ballot.weight, ballot.plain))
    if len(best.found) == 1:
        best = _by_character(ballots) or best
    surest = max(best.found, key=lambda each: (each.confidence, each.value, -each.source.frame))
    doubt = (1 - surest.confidence) * 0.5 ** (len(best.found) - 1)
    return replace(surest, confidence=round(1 - doubt, 4))


def _ballots(readings: Sequence[Found]) -> list[_Ballot]:
    grouped: defaultdict[str, list[Found]] = defaultdict(list)
    for each in readings:
        grouped["".join(each.value.split())].append(each)
    return [_Ballot(plain, tuple(found)) for plain, found in grouped.items()]


def _by_character(ballots: Sequence[_Ballot]) -> _Ballot | None:
    """Let readings of one length vote on each character; gaps stand where the nearest reading has them."""
    lengths: defaultdict[int, list[_Ballot]] = defaultdict(list)
    for ballot in ballots:
        lengths[len(ballot.plain)].append(ballot)
    most = max(lengths.values(), key=lambda group: (len(group), len(group[0].plain)))
    if len(most) < _ALONE_ENOUGH:
        return None
    plain = "".join(_majority(column, most) for column in range(len(most[0].plain)))
    nearest = max(most, key=lambda ballot: (_agreement(ballot.plain, plain), ballot.weight, ballot.plain))
    base = nearest.found[0]
    return _Ballot(plain, (replace(base, value=_spaced(plain, base.value)),))


def _majority(column: int, ballots: Sequence[_Ballot]) -> str:
    weights: defaultdict[str, float] = defaultdict(float)
    for ballot in ballots:
        weights[ballot.plain[column]] += ballot.weight
    return max(weights, key=lambda character: (weights[character], character))


def _agreement(one: str, other: str) -> int:
    return sum(a == b for a, b in zip(one, other, strict=True))


def _spaced(plain: str, like: str) -> str:
    characters = iter(plain)
    return "".join(each if each.isspace() else next(characters) for each in like)
