"""Adds the shards up to the report of `karez simulate`, and says whether the invariants hold."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from karez.simulation.virtual.shard import ShardResult

INVARIANTS = (
    *("without_final_state", "double_diverts", "missorted_by_software"),
    *("undetected", "contradicted", "decided_twice"),
)
"""What must be 0, whatever went wrong."""


def report(results: Sequence[ShardResult], seed: int, planned: int, shards: int, seconds: float) -> dict[str, Any]:
    """Fields of the JSON report; append-only.

    Parameters
    ----------
    planned
        Parcels that were asked for; ``parcels`` are those that came on the sorter.
    seconds
        Wall clock of the whole run.
    """
    counts, faults = Counter[str](), Counter[str]()
    for each in results:
        counts.update(each.counts)
        faults.update(each.faults)
    occupied_ms = sum(each.occupied_ms for each in results)
    hall_s = sum(each.hall_ms for each in results) / 1000
    parcels, diverted = counts["parcels"], counts["diverted"]
    return {
        "parcels": parcels,
        "final": counts["final"],
        "without_final_state": counts["without_final_state"],
        "double_diverts": counts["double_diverts"],
        "missorted_by_software": counts["missorted_by_software"],
        "missorted_injected": counts["missorted_injected"],
        "detected": counts["detected"],
        "missorted_silent": counts["missorted_silent"],
        "read_rate": round(counts["read"] / parcels, 5) if parcels else None,
        "recirculating_share": _share(sum(each.recirculating_ms for each in results), occupied_ms),
        "laps_mean": round(counts["laps"] / diverted, 4) if diverted else None,
        "exception": counts["exception"],
        "seconds": round(seconds, 1),
        "times_real_time": round(hall_s / seconds, 1) if seconds else None,
        "planned": planned,
        "seed": seed,
        "shards": shards,
        "shards_done": len(results),
        "sorted": counts["sorted"],
        "taken_off": counts["taken_off"],
        "missorted_by_wrong_input": counts["missorted_by_wrong_input"],
        "missorted_untold": counts["missorted_untold"],
        "no_read": parcels - counts["read"],
        "coded": counts["coded"],
        "contradicted": counts["contradicted"],
        "decided_twice": counts["decided_twice"],
        "found_gone": counts["missed"],
        "kills": counts["kills"],
        "commits_lost": counts["commits_lost"],
        "taken_over": counts["taken_over"],
        "hall_hours": round(hall_s / 3600, 2),
        "cpu_ms_a_parcel": round(1000 * sum(each.cpu_s for each in results) / parcels, 3) if parcels else None,
        "faults": dict(sorted(faults.items())),
        "beside": _beside(results),
        "broke": sum(bool(each.broke) for each in results),
    }


def _beside(results: Sequence[ShardResult]) -> dict[str, dict[str, Any]]:
    """By policy of the planning model: its figures over all shards."""
    found: dict[str, dict[str, Any]] = {}
    for name in dict.fromkeys(each.policy for result in results for each in result.beside):
        of = [each for result in results for each in result.beside if each.policy == name]
        occupied_ms, circling_ms = sum(each.occupied_ms for each in of), sum(each.recirculating_ms for each in of)
        found[name] = {
            "recirculating_share": _share(circling_ms, occupied_ms),
            "exception": sum(each.exception for each in of),
        }
    return found


def holds(results: Sequence[ShardResult]) -> bool:
    """Whether every invariant holds in every shard."""
    return not any(each.broke or any(each.counts[name] for name in INVARIANTS) for each in results)


def _share(part_ms: int, whole_ms: int) -> float:
    return round(part_ms / whole_ms, 5) if whole_ms else 0.0
