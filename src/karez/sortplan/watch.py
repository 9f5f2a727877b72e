"""A plan's file on disk: has it changed, and what stands in it now."""

from collections.abc import Collection
from pathlib import Path

from karez.sortplan.plan import SortPlan

Stamp = tuple[tuple[int, int] | None, ...]


class PlanFile:
    """Watches a plan and its side files by modification time and size.

    A fault in a changed file is raised by `load`, and told once: `changed` stays ``False`` until the file is changed
    again. Which plan is in force is the caller's business.

    Parameters
    ----------
    path
        The plan's TOML file.
    areas
        Ids of the hub's delivery areas, to check the rules by.
    """

    def __init__(self, path: Path, areas: Collection[str] | None = None) -> None:
        self.path = path
        self._areas = areas
        self._files: tuple[Path, ...] = (path,)
        self._stamp: Stamp | None = None

    def changed(self) -> bool:
        """Whether the plan or one of its side files is different from what `load` last looked at."""
        return self._look() != self._stamp

    def load(self) -> SortPlan:
        """Read the plan. Raises `BadConfig` where it has faults."""
        self._stamp = self._look()  # before reading: a change while reading is seen next time
        plan = SortPlan.load(self.path, self._areas)
        if tuple(plan.files) != self._files:
            self._files = tuple(plan.files)
            self._stamp = self._look()
        return plan

    def _look(self) -> Stamp:
        return tuple(_stamp(path) for path in self._files)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size
