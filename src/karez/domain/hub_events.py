"""Events of the hub as a whole: its plan, its pre-advice, its processes, its alarms."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class PlanActivated:
    """A sort plan came into force."""

    kind: ClassVar[str] = "plan.activated"
    schema: ClassVar[int] = 1
    name: str
    sha256: str
    chutes: int
    rules: int


@dataclass(frozen=True, slots=True)
class PlanRejected:
    """A changed plan file has faults; the plan in force stays."""

    kind: ClassVar[str] = "plan.rejected"
    schema: ClassVar[int] = 1
    file: str
    explanation: str


@dataclass(frozen=True, slots=True)
class AdviceImported:
    """Pre-advice rows were taken in from a courier company's file."""

    kind: ClassVar[str] = "advice.imported"
    schema: ClassVar[int] = 1
    file: str
    sha256: str
    rows: int
    rejected: int


@dataclass(frozen=True, slots=True)
class HubStarted:
    """The control process is up; ``recovered`` live parcels were taken over from the store."""

    kind: ClassVar[str] = "hub.started"
    schema: ClassVar[int] = 1
    hub: str
    version: str
    recovered: int
    simulated: bool


@dataclass(frozen=True, slots=True)
class HubStopped:
    """The control process ended in order."""

    kind: ClassVar[str] = "hub.stopped"
    schema: ClassVar[int] = 1
    hub: str


@dataclass(frozen=True, slots=True)
class AlarmRaised:
    """Something asks a person to act (ISA-18.2). ``key`` names the alarm, ``place`` where it is; priority 1 to 3."""

    kind: ClassVar[str] = "alarm.raised"
    schema: ClassVar[int] = 1
    key: str
    place: str
    priority: int
    explanation: str


@dataclass(frozen=True, slots=True)
class AlarmCleared:
    """The cause of an alarm is gone."""

    kind: ClassVar[str] = "alarm.cleared"
    schema: ClassVar[int] = 1
    key: str
    place: str
