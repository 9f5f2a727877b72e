"""What must hold at the end of a soak: the hall's truth and the store are held against each other, parcel by parcel.

An order and the DIVERT of its parcel may cross on the wire: the hub decides on what it knows, and a hall that is paced
waits for nobody. So an order that reaches the PLC behind its parcel's leaving is no fault by itself. A fault is what
the hub could know: an order decided behind the DIVERT that it had committed, a second one on a lap that does not say
which it supersedes, and one that left without standing in the store. These three are judged in the order of the store,
which is the order in which the hub learned.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from karez.bench.soak.told import Told
from karez.domain.ids import ChuteId, OrderId, ParcelId
from karez.simulation.happenings import HallResult
from karez.simulation.judge import Verdict, judge
from karez.simulation.planned import PlannedParcel

_EXAMPLES = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that must hold; ``broken`` counts where it does not, ``examples`` names the first."""

    name: str
    broken: int
    examples: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Truth:
    """What the hall and the PLC's end of the link know.

    Attributes
    ----------
    orders
        Names of the orders that came, each once.
    said
        How many telegrams the PLC sent; it numbers them from 1, and all of them are acknowledged.
    """

    result: HallResult
    orders: Sequence[OrderId]
    said: int


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found, and how the parcels were sorted."""

    findings: Sequence[Finding]
    verdict: Verdict


def look(planned: Sequence[PlannedParcel], truth: Truth, told: Told, plan_file: Path, areas_file: Path) -> Looked:
    """Hold the truth against what the hub said, and against the plan."""
    result = truth.result
    verdict = judge(planned, result.outcomes, plan_file, areas_file)
    lying = {each.parcel: each.chute for each in result.outcomes.values() if each.parcel is not None}
    found = [
        *_in_the_hall(result, verdict),
        *_of_parcels(lying, told),
        *_of_orders(truth, told),
        *_of_the_store(truth, told),
    ]
    return Looked(found, verdict)


def _in_the_hall(result: HallResult, verdict: Verdict) -> Iterator[Finding]:
    wrong = [index for index, state in verdict.states.items() if state == "missorted"]
    yield _finding("parcel without a final state in the hall", [str(each) for each in result.without_final_state])
    yield _finding("parcel diverted twice", [str(index) for index in verdict.diverted_twice])
    yield _finding("parcel in a wrong chute", [f"{index}: {verdict.explanations[index]}" for index in wrong])


def _of_parcels(lying: Mapping[ParcelId, ChuteId | None], told: Told) -> Iterator[Finding]:
    ends = told.ends
    yield _finding("parcel that the store does not know", [each for each in lying if not told.inducted[each]])
    yield _finding("parcel that only the store knows", [each for each in told.inducted if each not in lying])
    yield _finding("parcel inducted twice in the store", [p for p, count in told.inducted.items() if count > 1])
    yield _finding("parcel with none or several ends in the store", [p for p in lying if len(ends.get(p, ())) != 1])
    yield _finding("parcel that lies elsewhere than the store says", list(_elsewhere(lying, told)))


def _of_orders(truth: Truth, told: Told) -> Iterator[Finding]:
    yield _finding("order decided twice under one name", [name for name, count in told.orders.items() if count > 1])
    yield _finding("order on a lap that had one, which it does not supersede", told.twice_a_lap)
    yield _finding("order decided behind the parcel's end", told.behind_the_end)
    yield _finding(
        "order that came and is not in the store", [each for each in truth.orders if each not in told.orders]
    )


def _of_the_store(truth: Truth, told: Told) -> Iterator[Finding]:
    missing = [str(number) for number in range(1, truth.said + 1) if not told.heard[number]]
    yield _finding("acknowledged telegram that the journal lacks", missing)
    yield _finding("telegram taken in twice", [str(number) for number, count in told.heard.items() if count > 1])
    yield _finding("gap in the store", told.gaps)


def _elsewhere(lying: Mapping[ParcelId, ChuteId | None], told: Told) -> Iterator[str]:
    for parcel, chute in lying.items():
        ends = told.ends.get(parcel, ())
        said = getattr(ends[0], "chute", None) if ends else None
        if ends and said != chute:
            yield f"{parcel}: lies in {chute}, the store says {said}"


def _finding(name: str, broken: Sequence[str]) -> Finding:
    return Finding(name, len(broken), tuple(broken[:_EXAMPLES]))
