"""Runs the three policies on the benchmark's instances, and takes their time."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from karez.bench.loop import entry, instances
from karez.bench.loop.instances import Opened
from karez.bench.loop.score import Score, score
from karez.simulation.planning.policy import Policy
from karez.simulation.planning.run import LoopResult, run

_TIMED = 3
Step = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class PolicyRun:
    """One policy on one instance.

    Attributes
    ----------
    result_sha256
        Of the result written down as an entrant would.
    cpu_ms, wall_ms
        Of the planning model from arrays to arrays, the median of three runs.
    """

    opened: Opened
    result: LoopResult
    score: Score
    result_sha256: str
    cpu_ms: float
    wall_ms: float

    @property
    def times_real_time(self) -> float:
        """Simulated time, from the start to the last parcel, over time on the wall."""
        return self.score.makespan_ms / self.wall_ms


def run_all(
    folder: Path, names: Sequence[str], policies: Sequence[Policy], seed: int | None, step: Step
) -> Iterator[PolicyRun]:
    """Run policies on instances, instance by instance.

    Parameters
    ----------
    seed
        Another drawing of the instances that are drawn; ``None``: as they were published.
    """
    for done, name in enumerate(names):
        step(name, done, len(names))
        opened = instances.opened(folder, name, seed)
        yield from (run_one(opened, policy) for policy in policies)
    step("done", len(names), len(names))


def run_one(opened: Opened, policy: Policy) -> PolicyRun:
    """Run one policy; once before its time is taken, for the first run of a process loads the kernels."""
    run(opened.loop, policy)
    spans: list[tuple[float, float]] = []
    for _ in range(_TIMED):
        cpu_s, wall_s = time.process_time(), time.perf_counter()
        result = run(opened.loop, policy)
        spans.append((time.process_time() - cpu_s, time.perf_counter() - wall_s))
    entered = entry.of_run(result)
    written = entry.as_file(entered, opened, policy.name)
    cpu_ms, wall_ms = (1000 * median(each[which] for each in spans) for which in (0, 1))
    return PolicyRun(opened, result, score(opened.loop, entered), entry.digest(written), cpu_ms, wall_ms)
