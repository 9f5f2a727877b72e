"""Events of hands: what coding operators were asked, answered and taught."""

from dataclasses import dataclass
from typing import ClassVar

from karez.domain.ids import AnswerId, AreaId, ParcelId, PictureId


@dataclass(frozen=True, slots=True)
class AddressLearned:
    """An operator's answer to an address was remembered; ``decides`` ends a dispute. The address is not in here."""

    kind: ClassVar[str] = "address.learned"
    schema: ClassVar[int] = 1
    answer: AnswerId
    area: AreaId
    operator: str
    decides: bool = False


@dataclass(frozen=True, slots=True)
class AddressUnlearned:
    """A remembered answer was undone; ``operator`` is who undid it."""

    kind: ClassVar[str] = "address.unlearned"
    schema: ClassVar[int] = 1
    answer: AnswerId
    operator: str


@dataclass(frozen=True, slots=True)
class CodingAsked:
    """No machine could place it: a person is asked; ``why`` is a `NoReadReason` or an `UnresolvedReason`.

    On lap ``until_lap`` the exception chute takes it.
    """

    kind: ClassVar[str] = "coding.asked"
    schema: ClassVar[int] = 1
    parcel: ParcelId
    why: str
    lap: int
    until_lap: int
    picture: PictureId | None = None
    waybill: str | None = None


@dataclass(frozen=True, slots=True)
class CodingAnswered:
    """A person answered, once; with neither area nor waybill number she could not tell. ``outcome``: `CodingOutcome`.

    Where the answer leads is told by the `ParcelResolved` that follows.
    """

    kind: ClassVar[str] = "coding.answered"
    schema: ClassVar[int] = 1
    parcel: ParcelId
    operator: str
    outcome: str
    lap: int
    area: AreaId | None = None
    waybill: str | None = None
    company: str | None = None
