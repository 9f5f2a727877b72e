"""The door of the planning model: an instance and a policy in, what became of every parcel out."""

from dataclasses import dataclass

from karez.simulation.planning.instance import LoopInstance, Whole
from karez.simulation.planning.laying_out import column, laid_out
from karez.simulation.planning.policy import Policy
from karez.simulation.planning.stepping import run_to_the_end


@dataclass(frozen=True, slots=True)
class LoopResult:
    """What became of the parcels; in every array the row is the parcel's number, and -1 says: never.

    Attributes
    ----------
    chute, lap, carrier, inducted_ms, left_ms
        Where it lies, on which lap it left or how far it came (0: never on the loop), and when.
    coder, coder_asked_ms, coder_starts_ms, coder_done_ms
        Who looked at its picture; when it was put before the coders, when one began, and when the answer was there.
    occupied_ms, circling_ms
        Carrier-milliseconds with a parcel on them, and of those the ones on lap 2 or later.
    holds
        How often the inductions were held.
    steps
        Things that happened.
    """

    policy: str
    chute: Whole
    lap: Whole
    carrier: Whole
    inducted_ms: Whole
    left_ms: Whole
    coder: Whole
    coder_asked_ms: Whole
    coder_starts_ms: Whole
    coder_done_ms: Whole
    ended_ms: int
    occupied_ms: int
    circling_ms: int
    holds: int
    steps: int

    @property
    def recirculating_share(self) -> float:
        """Time-averaged share of occupied carriers that are on lap 2 or later."""
        return self.circling_ms / self.occupied_ms if self.occupied_ms else 0.0


def run(instance: LoopInstance, policy: Policy) -> LoopResult:
    """Run the loop until every parcel has left it, or nothing moves any more.

    Raises
    ------
    BadInput
        The instance is none that can be run.
    """
    instance.check()
    model = laid_out(instance, policy)
    run_to_the_end(model)
    count = model.counts[0]
    names = ("chute", "lap", "carrier", "inducted_ms", "left_ms")
    of_coders = ("coder", "coder_asked_ms", "coder_starts_ms", "coder_done_ms")
    return LoopResult(
        policy.name,
        **{name: column(model.parcels, name) for name in (*names, *of_coders)},
        ended_ms=int(count.now_ms),
        occupied_ms=int(count.riding_ms),
        circling_ms=int(count.circling_ms),
        holds=int(count.holds),
        steps=int(count.steps),
    )
