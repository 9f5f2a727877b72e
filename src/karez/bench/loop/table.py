"""The loop bench's records as tables."""

from typing import Any

from karez.bench.table import Table

Record = dict[str, Any]


def runs_table(record: Record) -> Table:
    """One row for each policy on each instance."""
    heads = (
        *("instance", "policy", "parcels", "sorted", "exception", "missorted", "left over"),
        *("recirculating", "laps", "in system s", "makespan s", "CPU ms", "× real time"),
    )
    rows = [
        (each["instance"], one["policy"], *_figures(one), f"{one['cpu_ms']:.1f}", f"{one['times_real_time']:,}")
        for each in record["instances"]
        for one in each["policies"]
    ]
    return Table(heads, rows)


def score_table(scored: Record) -> Table:
    """One row: an entrant's result."""
    heads = (
        *("valid", "parcels", "sorted", "exception", "missorted", "left over"),
        *("recirculating", "laps", "in system s", "makespan s"),
    )
    return Table(heads, [("yes" if scored["valid"] else "no", *_figures(scored))])


def _figures(one: Record) -> tuple[str, ...]:
    counts = (one["parcels"], one["sorted"], one["exception"], one["missorted"], one["left_over"])
    return (
        *map(str, counts),
        f"{100 * one['recirculating_share']:.2f} %",
        f"{one['laps_mean']:.3f}",
        f"{one['in_system_ms'] / 1000:.1f}",
        f"{one['makespan_ms'] / 1000:.1f}",
    )
