"""What the web room needs from the others, by shape only: store, pictures, parcels, control, and the plan to draw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from karez.domain.events import Recorded
from karez.domain.frames import Frame
from karez.domain.ids import AreaId, ChuteId, ParcelId, PictureId, StreamId
from karez.hub.doorway import AdviceReport, FrameAnswer


class Personal(Protocol):
    """Erasable label text of one parcel; shown masked, and to signed-in readers only."""

    @property
    def address(self) -> str | None:
        """Recipient's address as it was read."""


class Events(Protocol):
    """The event store as a reader sees it. Calls are short and may come from any thread."""

    def read(self, after: int = 0, limit: int = 1000) -> Sequence[Recorded]:
        """Give at most ``limit`` events after a position, in order."""

    def read_stream(self, stream: StreamId) -> Sequence[Recorded]:
        """Give one stream from its beginning."""

    def last_position(self) -> int:
        """Give the newest position, 0 in an empty store."""

    def personal(self, parcel: ParcelId) -> Personal | None:
        """Give a parcel's label text, while it is kept."""


class Pictures(Protocol):
    """Pictures kept beside the store."""

    def path(self, picture: PictureId) -> Path | None:
        """Where a picture's bytes are, or ``None`` once it has been removed."""


class ParcelRow(Protocol):
    """One parcel in a list."""

    @property
    def parcel(self) -> ParcelId:
        """Its id."""

    @property
    def waybill(self) -> str | None:
        """Its waybill number, once read."""

    @property
    def company(self) -> str | None:
        """Courier company."""

    @property
    def state(self) -> str:
        """One of `karez.domain.parcels.ParcelState`."""

    @property
    def chute(self) -> str | None:
        """Where it went, or is ordered to."""

    @property
    def area(self) -> str | None:
        """Its delivery area."""

    @property
    def county_name(self) -> str | None:
        """County of its destination."""

    @property
    def laps(self) -> int:
        """Times it passed the scan point."""

    @property
    def inducted_at(self) -> datetime | None:
        """When it came."""

    @property
    def finished_at(self) -> datetime | None:
        """When it reached a final state."""


class Parcels(Protocol):
    """Finds parcels."""

    def search(self, text: str, limit: int = 50) -> Sequence[ParcelRow]:
        """Give parcels whose waybill or id begins with ``text``, newest first; the newest of all for ``""``."""

    def get(self, parcel_or_waybill: str) -> ParcelRow | None:
        """Give the parcel of this id, or the newest one of this waybill."""


class Control(Protocol):
    """The running control process, through its socket."""

    async def frame(self, frame: Frame) -> FrameAnswer:
        """Hand a picture over."""

    async def advice(self, name: str, data: bytes) -> AdviceReport | None:
        """Hand a pre-advice file over; ``None`` when control does not answer."""

    async def status(self) -> Mapping[str, Any] | None:
        """Tell how it is; ``None`` when it does not answer."""

    async def metrics(self) -> Sequence[Mapping[str, Any]] | None:
        """Give families of metrics (`karez.hub.metrics`); ``None`` when it does not answer."""


@dataclass(frozen=True, slots=True)
class ChuteView:
    """A chute as the drawing shows it.

    Attributes
    ----------
    names
        What it is for, by language (``en``, ``zh``, ``ug``); ``zh`` or ``en`` stands in for a missing one.
    function
        ``sort``, or a function outlet: ``exception``, ``oversize``, ``intercept``, ``return``, ``overflow``.
    position
        Share of the loop from the scan point in the direction of travel, 0 to 1; ``None``: spread evenly, in order.
    """

    id: ChuteId
    names: Mapping[str, str] = field(default_factory=dict)
    function: str = "sort"
    position: float | None = None


@dataclass(frozen=True, slots=True)
class InductionView:
    """An induction; ``position`` as of a chute, close to 1 because it lies before the scan point."""

    name: str
    position: float | None = None


@dataclass(frozen=True, slots=True)
class PlanView:
    """What the pages show of the sort plan and the hall.

    Attributes
    ----------
    area_names
        Names of delivery areas by area and language.
    """

    name: str
    chutes: Sequence[ChuteView]
    inductions: Sequence[InductionView] = (InductionView("I1"), InductionView("I2"))
    exception: ChuteId | None = None
    area_names: Mapping[AreaId, Mapping[str, str]] = field(default_factory=dict)


def area_names(plan: PlanView, language: str) -> Mapping[AreaId, str]:
    """Give the delivery areas' names in a language."""
    return {area: name_in(language, names, area) for area, names in plan.area_names.items()}


def name_in(language: str, names: Mapping[str, str], otherwise: str = "") -> str:
    """Give a name in a language, else in Chinese, else in English, else ``otherwise``."""
    for each in (language, "zh", "en"):
        if names.get(each):
            return names[each]
    return otherwise
