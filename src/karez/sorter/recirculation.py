"""Whether a parcel without a chute goes round once more, or leaves by the exception chute; pure, like `sortplan.rules`.

A parcel that goes round takes a carrier from one that could be sorted, and a loop full of them clogs: at one hub 17 %
of the carriers held recirculating no-reads (USPS OIG), at another 25,000 rated parcels an hour became 18,000 (BEUMER).
So it circles only while that can still help: another picture may be read, a person is about to answer, a full chute
may open; and for a picture or a person never while the loop is crowded.
"""

from dataclasses import dataclass
from enum import StrEnum

CODING_MS = 3_500
"""A person keys one label in about 3.5 s, 900 an hour (USPS remote encoding); used until the hub has measured."""

PATIENCE_SHARE = 0.4
"""A parcel waits for a person while the answer is expected within this share of a lap, so that most still leave on it.

A longer queue keeps operators no busier, and all that stands in it circles: at 6 % no-reads and one operator the share
of recirculating parcels was 19.3 % without this limit and 1.6 % with it, at 192 and 235 exceptions of 20,000 (the
planning model, seeds 1 to 3; docs/explanation/loop-benchmark.md). Half of it or two and a half times as much change
that little: 1.6 and 2.9 %."""

REREAD_LEAST = 0.1
"""A parcel circles for another picture while at least so many of those that did were read then; ours: a lap of a
carrier against a minute at the exception chute."""


class Hope(StrEnum):
    """What going round could bring."""

    PICTURE = "picture"  # another picture may be read
    PERSON = "person"  # a coding operator was asked
    CHUTE = "chute"  # its chute is full or closed, and may open
    NONE = "none"


@dataclass(frozen=True, slots=True)
class LoopLoad:
    """The loop and the coding queue at this moment.

    Attributes
    ----------
    lap_ms, carriers
        Of the loop; ``None`` where the settings do not tell.
    occupied
        Parcels on it.
    crowded_share
        From this share of occupied carriers on, nothing goes round for help.
    coders
        Coding operators at work; 0: nobody answers.
    coding_ms
        Time that one answer takes.
    reread_share
        Of the parcels that circled for another picture, how many were read then.
    """

    lap_ms: int | None = None
    carriers: int | None = None
    occupied: int = 0
    crowded_share: float = 0.9
    coders: int = 0
    coding_ms: float = CODING_MS
    reread_share: float = 1.0

    @property
    def crowded(self) -> bool:
        """Whether carriers are scarce."""
        return self.carriers is not None and self.occupied >= self.crowded_share * self.carriers

    def answer_ms(self, ahead: int) -> float | None:
        """How long an answer takes, with so many parcels before it in the queue; ``None`` where nobody answers."""
        return (ahead + 1) * self.coding_ms / self.coders if self.coders else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """``go_round`` or not, and why: a sentence without its end."""

    go_round: bool
    explanation: str


def go_round(lap: int, laps: int, hope: Hope, load: LoopLoad, ahead: int = 0) -> Verdict:
    """Decide for one parcel that no open chute takes on this lap.

    Parameters
    ----------
    lap
        The lap it is on, from 1.
    laps
        On this lap it leaves at the latest.
    hope
        The best of what going round could bring.
    ahead
        Parcels before it in the coding queue.
    """
    if hope is Hope.NONE:
        return Verdict(False, "another lap could tell nothing more")
    if lap >= laps:
        return Verdict(False, f"{lap} laps are spent")
    if hope is Hope.CHUTE:  # it can be sorted; before the loop clogs the inductions are held
        return Verdict(True, f"goes round, lap {lap} of {laps}")
    if load.crowded:
        return Verdict(False, f"{load.occupied} of {load.carriers} carriers are taken")
    if hope is Hope.PICTURE and load.reread_share < REREAD_LEAST:
        return Verdict(False, f"another picture told more for {load.reread_share:.0%} of those that went round for one")
    if hope is Hope.PERSON and load.lap_ms is not None:
        return _while_a_person_helps(lap, laps, load, load.lap_ms, ahead)
    return Verdict(True, f"goes round, lap {lap} of {laps}")


def _while_a_person_helps(lap: int, laps: int, load: LoopLoad, lap_ms: int, ahead: int) -> Verdict:
    expected_ms = load.answer_ms(ahead)
    if expected_ms is None:
        return Verdict(False, "no coding operator is at work")
    if expected_ms > PATIENCE_SHARE * lap_ms:
        return Verdict(False, f"an answer is expected in {expected_ms / 1000:.0f} s, too late for most of a lap")
    return Verdict(True, f"goes round, lap {lap} of {laps}: an answer is expected in {expected_ms / 1000:.0f} s")
