"""The judge: compares where parcels physically lie with where they truly belong, and asks nobody's opinion."""

import tomllib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from karez.domain.errors import BadInput
from karez.simulation.happenings import Outcome
from karez.simulation.planned import PlannedParcel
from karez.simulation.true_plan import TruePlan, read_plan

__all__ = ["Outcome", "Verdict", "judge"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a day's parcels; each is counted exactly once.

    Attributes
    ----------
    sorted
        In a chute that the plan gives their true destination (lists and limits included).
    missorted
        In any other chute but the exception chute.
    exception
        In the exception chute, though that is not where the plan sends them.
    removed, taken_off
        Taken from the sorter without reaching a chute: lost from their carrier, or by a person.
    without_final_state
        Still on the sorter, or never inducted.
    diverted_twice
        Indices of parcels that left a carrier more than once; they are counted above by where they lie.
    states
        By index: ``"sorted"``, ``"missorted"``, …
    explanations
        By index, of all that are not sorted: where it lies and where it should.
    """

    parcels: int
    sorted: int
    missorted: int
    exception: int
    removed: int
    taken_off: int
    without_final_state: int
    diverted_twice: tuple[int, ...]
    states: Mapping[int, str]
    explanations: Mapping[int, str]


def judge(
    parcels: Sequence[PlannedParcel],
    outcomes: Mapping[int, Outcome],
    plan_file: Path,
    areas_file: Path,
    removed: Collection[int] = (),
    taken_off: Collection[int] = (),
) -> Verdict:
    """Judge a day by the truth.

    Parameters
    ----------
    parcels
        As they were planned, with their true destinations.
    outcomes
        Where they lie, by index; a parcel that is missing here has no final state.
    plan_file, areas_file
        The plan in force and the hub's areas. The plan is read by the judge's own code.
    removed, taken_off
        Indices of parcels that left the sorter otherwise than into a chute.

    Raises
    ------
    BadInput
        A parcel belongs to an area that the areas file does not have: day and hub do not fit together.
    """
    _check_areas(parcels, areas_file)
    plan = read_plan(plan_file)
    states = {parcel.index: _state(parcel, outcomes.get(parcel.index), plan, removed, taken_off) for parcel in parcels}
    counts = Counter(states.values())
    return Verdict(
        parcels=len(parcels),
        sorted=counts["sorted"],
        missorted=counts["missorted"],
        exception=counts["exception"],
        removed=counts["removed"],
        taken_off=counts["taken_off"],
        without_final_state=counts["without_final_state"],
        diverted_twice=tuple(index for index, outcome in sorted(outcomes.items()) if outcome.times_diverted > 1),
        states=states,
        explanations={
            parcel.index: _explanation(parcel, outcomes.get(parcel.index), states[parcel.index], plan)
            for parcel in parcels
            if states[parcel.index] != "sorted"
        },
    )


def _state(
    parcel: PlannedParcel,
    outcome: Outcome | None,
    plan: TruePlan,
    removed: Collection[int],
    taken_off: Collection[int],
) -> str:
    if outcome is not None and outcome.chute is not None:
        if outcome.chute in plan.right_chutes(parcel):
            return "sorted"
        return "exception" if outcome.chute == plan.exception_chute else "missorted"
    if parcel.index in removed:
        return "removed"
    return "taken_off" if parcel.index in taken_off else "without_final_state"


def _explanation(parcel: PlannedParcel, outcome: Outcome | None, state: str, plan: TruePlan) -> str:
    right = " or ".join(plan.right_chutes(parcel)) or "no chute of the plan"
    lies = f"in {outcome.chute}" if outcome and outcome.chute else state.replace("_", " ")
    laps = f" after {outcome.laps} laps" if outcome and outcome.laps > 1 else ""
    return f"{lies}{laps}; area {parcel.area} belongs in {right} (picture: {parcel.picture})"


def _check_areas(parcels: Sequence[PlannedParcel], areas_file: Path) -> None:
    known = {row["id"] for row in tomllib.loads(areas_file.read_text("utf-8"))["area"]}
    unknown = {parcel.area for parcel in parcels} - known
    if unknown:
        raise BadInput(f"parcels for unknown areas {sorted(unknown)}", str(areas_file), "plan the day from this file")
