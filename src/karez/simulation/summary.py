"""The summary of a simulated day: what the hub said it did, beside what the hall's truth says it did."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from karez.domain import events as ev
from karez.domain.ids import ParcelId
from karez.simulation.judge import Outcome, Verdict
from karez.simulation.planned import PlannedParcel


@dataclass(frozen=True, slots=True)
class HubSays:
    """What the hub's own events tell, parcel by parcel (by the PLC's id)."""

    read: frozenset[ParcelId]
    resolved: frozenset[ParcelId]
    reasons: Mapping[ParcelId, str]
    coded: frozenset[ParcelId] = frozenset()


def hub_says(recorded: Iterable[ev.Recorded]) -> HubSays:
    """Gather what the summary needs from the event store."""
    read, resolved, coded = set[ParcelId](), set[ParcelId](), set[ParcelId]()
    reasons = dict[ParcelId, str]()
    for each in recorded:
        match each.event:
            case ev.ParcelRead(parcel=parcel):
                read.add(parcel)
            case ev.ParcelResolved(parcel=parcel):
                resolved.add(parcel)
            case ev.CodingAnswered(parcel=parcel, outcome="this_lap" | "next_lap"):
                coded.add(parcel)
            case ev.ParcelAssigned(parcel=parcel, reason=reason, explanation=explanation):
                reasons[parcel] = f"{reason}: {explanation}"
            case _:
                pass
    return HubSays(frozenset(read), frozenset(resolved), reasons, frozenset(coded))


def mix(parcels: Sequence[PlannedParcel]) -> dict[str, Any]:
    """What the day was made of, so that its figures can be judged."""
    alone = sum(not parcel.advised and parcel.sort_code is None for parcel in parcels)
    coded = sum(not parcel.advised and parcel.sort_code is not None for parcel in parcels)
    return {
        "pictures": dict(Counter(parcel.picture for parcel in parcels)),
        "known_by": {"pre_advice": sum(parcel.advised for parcel in parcels), "sort_code": coded, "address": alone},
        "scripts": dict(Counter(parcel.script for parcel in parcels)),
        "companies": dict(Counter(parcel.company for parcel in parcels)),
        "intercepted_or_returned": sum(parcel.intercept or parcel.returned for parcel in parcels),
    }


def summary(
    parcels: Sequence[PlannedParcel],
    outcomes: Mapping[int, Outcome],
    ids: Mapping[int, ParcelId],
    verdict: Verdict,
    says: HubSays,
    status: Mapping[str, Any],
    seconds: float,
) -> dict[str, Any]:
    """The JSON summary of `karez demo`; fields are append-only.

    Parameters
    ----------
    ids
        The PLC's parcel id by index.
    status
        The control process's figures at the end.
    seconds
        Wall clock from the first induction to the last parcel's end.
    """
    read = sum(ids.get(parcel.index) in says.read for parcel in parcels)
    return {
        "parcels": len(parcels),
        "seconds": round(seconds, 1),
        "per_hour": round(len(parcels) / seconds * 3600) if seconds else None,
        "read": read,
        "no_read": len(parcels) - read,
        "resolved": sum(ids.get(parcel.index) in says.resolved for parcel in parcels),
        "sorted": verdict.sorted,
        "missorted": verdict.missorted,
        "recirculated": sum(outcome.laps > 1 for outcome in outcomes.values()),
        "exception": verdict.exception,
        "without_final_state": verdict.without_final_state,
        "decision_ms_p50": status.get("decision_ms_p50"),
        "decision_ms_p99": status.get("decision_ms_p99"),
        "reading_ms_p50": status.get("reading_ms_p50"),
        "reading_ms_p99": status.get("reading_ms_p99"),
        "mix": mix(parcels),
        "removed": verdict.removed,
        "taken_off": verdict.taken_off,
        "diverted_twice": sum(outcome.times_diverted > 1 for outcome in outcomes.values()),
        "read_rate": round(read / len(parcels), 4) if parcels else None,
        "commit_ms_p50": status.get("commit_ms_p50"),
        "commit_ms_p99": status.get("commit_ms_p99"),
        "coded": sum(ids.get(parcel.index) in says.coded for parcel in parcels),
        "not_sorted": not_sorted(parcels, ids, verdict, says),
    }


def not_sorted(
    parcels: Sequence[PlannedParcel], ids: Mapping[int, ParcelId], verdict: Verdict, says: HubSays
) -> list[dict[str, Any]]:
    """Every parcel that is not in a chute of its true destination, one by one, with the hub's reason."""
    return [
        {
            "index": parcel.index,
            "parcel": ids.get(parcel.index),
            "waybill": parcel.waybill,
            "picture": parcel.picture,
            "true_area": parcel.area,
            "ended": verdict.states[parcel.index],
            "why": says.reasons.get(ids.get(parcel.index, ParcelId("")), "the hub never decided on it"),
        }
        for parcel in parcels
        if verdict.states[parcel.index] != "sorted"
    ]
