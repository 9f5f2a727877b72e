"""The processes of a hub as the kernel sees them: what each spent on the processor and holds in memory."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Process:
    """One process at one moment.

    Attributes
    ----------
    main_s, cpu_s
        Processor seconds of its first thread (an event loop's), and of all its threads.
    most_mb
        The most it ever held (resident set).
    """

    pid: int
    parent: int
    command: str
    main_s: float
    cpu_s: float
    most_mb: float


def processes() -> dict[int, Process]:
    """All processes of this machine that can be looked at."""
    found = (_look_at(folder) for folder in _PROC.iterdir() if folder.name.isdigit())
    return {each.pid: each for each in found if each is not None}


def _look_at(folder: Path) -> Process | None:
    try:
        command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace").strip()
        whole = _fields(folder / "stat")
        first = _fields(folder / "task" / folder.name / "stat")
        held = (folder / "status").read_text("ascii", "replace")
    except OSError:
        return None
    kb = next((int(line.split()[1]) for line in held.splitlines() if line.startswith("VmHWM:")), 0)
    return Process(int(folder.name), int(whole[1]), command, _cpu_s(first), _cpu_s(whole), round(kb / 1024, 1))


def _fields(file: Path) -> list[str]:
    """Fields of a stat file behind the name, which may hold anything: state, parent, … (proc(5))."""
    return file.read_text("utf-8", "replace").rpartition(")")[2].split()


def _cpu_s(fields: list[str]) -> float:
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S


def offspring(root: int, among: Mapping[int, Process]) -> Iterable[Process]:
    """A process and all that it started, directly or not."""
    if root in among:
        yield among[root]
    for each in among.values():
        if each.parent == root:
            yield from offspring(each.pid, among)


@dataclass(frozen=True, slots=True)
class Spent:
    """What one part of the hub spent and holds; parts are control, readers, web and store.

    Attributes
    ----------
    scheduled
        How the kernel lets its first process have the processor, in words.
    """

    cpu_s: float
    main_s: float
    most_mb: float
    scheduled: str = ""


def by_part(supervisor: int, database: int | None = None) -> dict[str, Spent]:
    """What each part of a hub has spent so far.

    Parameters
    ----------
    supervisor, database
        Process numbers of `karez hub`, and of the database server where there is one.
    """
    among = processes()
    parts: dict[str, list[Process]] = {"control": [], "readers": [], "web": []}
    for each in offspring(supervisor, among):
        part = _part_of(each)
        if part is not None:
            parts[part].append(each)
    if database is not None:
        parts["store"] = list(offspring(database, among))
    return {name: _sum(members) for name, members in parts.items()}


def _part_of(process: Process) -> str | None:
    for part in ("control", "web"):
        if f"hub-process {part}" in process.command:
            return part
    return "readers" if "spawn_main" in process.command else None


def _sum(members: list[Process]) -> Spent:
    return Spent(
        round(sum(each.cpu_s for each in members), 2),
        round(sum(each.main_s for each in members), 2),
        round(sum(each.most_mb for each in members), 1),
        next((scheduled(each.pid) for each in members), ""),
    )


def spent_between(before: Mapping[str, Spent], after: Mapping[str, Spent]) -> dict[str, Spent]:
    """What each part spent between two moments; memory is the later one's."""
    nothing = Spent(0.0, 0.0, 0.0)
    return {
        name: Spent(
            round(late.cpu_s - before.get(name, nothing).cpu_s, 2),
            round(late.main_s - before.get(name, nothing).main_s, 2),
            late.most_mb,
            late.scheduled,
        )
        for name, late in after.items()
    }


@dataclass(frozen=True, slots=True)
class Load:
    """What the machine was busy with, in processor seconds.

    Attributes
    ----------
    busy_s
        Of all processors, by anybody.
    ours_s
        By the bench and all that it started.
    stolen_s
        Wanted, and given to other virtual machines.
    """

    busy_s: float
    ours_s: float
    stolen_s: float

    def since(self, before: "Load") -> "Load":
        """What was spent since an earlier moment."""
        return Load(
            round(self.busy_s - before.busy_s, 2),
            round(self.ours_s - before.ours_s, 2),
            round(self.stolen_s - before.stolen_s, 2),
        )


def load_of(root: int) -> Load:
    """Processor time so far: of the machine, and of a process with all that it started."""
    words = (_PROC / "stat").read_text("ascii").split("\n", 1)[0].split()[1:]
    user, nice, system, _idle, _iowait, irq, softirq, stolen, *_ = map(int, words)
    busy_s = (user + nice + system + irq + softirq) / _TICKS_PER_S
    ours_s = sum(each.cpu_s for each in offspring(root, processes()))
    return Load(round(busy_s, 2), round(ours_s, 2), round(stolen / _TICKS_PER_S, 2))


def find(command_end: str) -> int | None:
    """Number of the process whose command line ends so; ``None`` where there is none."""
    return next((each.pid for each in processes().values() if each.command.endswith(command_end)), None)


def scheduled(pid: int) -> str:
    """How the kernel schedules a process's first thread: real time, or with which niceness among others."""
    try:
        fields = _fields(_PROC / str(pid) / "stat")
    except OSError:  # it has ended
        return ""
    niceness, policy = fields[16], int(fields[38])
    return _POLICIES.get(policy, f"policy {policy}") if policy else f"among others, niceness {niceness}"


_POLICIES = {os.SCHED_FIFO: "real time", os.SCHED_RR: "real time", os.SCHED_IDLE: "idle"}
