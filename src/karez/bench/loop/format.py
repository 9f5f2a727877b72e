"""The files of the loop benchmark: an instance, and a result that somebody enters; read, checked and written."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from karez.domain.errors import BadInput

Ms = Annotated[int, Field(ge=0)]
Mm = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]


class Part(BaseModel):
    """A part of a file: nothing it does not know is passed over."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StationPart(Part):
    """Inductions, the camera and the scan point behind them, and where the lap of their parcels ends."""

    inductions_mm: list[Mm] = Field(min_length=1)
    camera_mm: Mm
    scan_mm: Mm
    end_mm: Mm


class ChutePart(Part):
    """A chute: its name, where it is, and how many parcels it takes until it is full."""

    name: str
    at_mm: Mm
    capacity: int = Field(ge=1)


class LoopPart(Part):
    """The loop. ``emptied_after_ms`` after a chute has become full it is empty again."""

    carriers: int = Field(ge=1)
    pitch_mm: int = Field(ge=1)
    speed_mm_s: int = Field(ge=1)
    stations: list[StationPart] = Field(min_length=1)
    chutes: list[ChutePart] = Field(min_length=1)
    exception: str
    emptied_after_ms: Ms


class CodingPart(Part):
    """The coders, and how long one is expected to take for a picture: all that a policy may know before."""

    coders: int = Field(ge=0)
    expected_ms: int = Field(ge=1)


class JamPart(Part):
    """A chute that takes nothing for a while."""

    chute: str
    at_ms: Ms
    for_ms: int = Field(ge=1)


class ParcelPart(Part):
    """A parcel.

    ``induction`` counts over the stations from 0; ``chutes`` in which it may lie, best first; ``read_on_lap``: the
    first lap on which a reader makes out where it goes, 0 never; ``coding_ms``: how long a coder looks at it;
    ``codable``: whether that tells where it goes.
    """

    arrives_ms: Ms
    induction: int = Field(ge=0)
    chutes: list[str] = Field(min_length=1)
    read_on_lap: int = Field(1, ge=0)
    coding_ms: int = Field(ge=1)
    codable: bool = True


class Recipe(Part):
    """A drawn instance: `karez.bench.loop.generate` makes the same of the same recipe anywhere."""

    seed: int = Field(ge=0)
    carriers: int = Field(ge=4)
    pitch_mm: int = Field(ge=100)
    speed_mm_s: int = Field(ge=100)
    stations: int = Field(1, ge=1, le=8)
    inductions_per_station: int = Field(2, ge=1)
    chutes: int = Field(ge=2)
    destinations: int = Field(ge=1, description="Each has every so many-th chute, the nearest first.")
    capacity: int = Field(ge=1)
    exception_capacity: int = Field(ge=1)
    emptied_after_ms: Ms
    parcels: int = Field(ge=1)
    minutes: int = Field(ge=1, description="In which they arrive.")
    waves: list[int] = Field([1], min_length=1, description="Weights of equal parts of that time.")
    skew: float = Field(1, ge=1, description="How many times as many parcels the first destination has as the last.")
    no_reads: Share = Field(description="Not read on the first lap.")
    read_on_second_lap: Share = Field(0, description="Of those: read on the second.")
    uncodable: Share = Field(0, description="Of those: a coder cannot tell either.")
    coders: int = Field(1, ge=0)
    coding_least_ms: int = Field(ge=1)
    coding_most_ms: int = Field(ge=1)
    jams: int = Field(0, ge=0)
    jam_ms: int = Field(60_000, ge=1)


class InstanceFile(Part):
    """An instance: spelled out (``loop``, ``coding``, ``parcels``), or drawn (``recipe``, and the ``sha256`` of it)."""

    format: Literal["karez-loop 1"] = "karez-loop 1"
    name: str
    about: str
    loop: LoopPart | None = None
    coding: CodingPart | None = None
    jams: list[JamPart] = []
    parcels: list[ParcelPart] | None = None
    recipe: Recipe | None = None
    sha256: str | None = Field(None, description="Of the instance spelled out: its JSON with sorted keys, no spaces.")


Ride = tuple[int, Ms, str | None, int, Ms | None]
"""Carrier, induction time, chute, lap, time of leaving; the chute and its time null where it never left."""


class ResultFile(Part):
    """What an entrant says became of the parcels; `README.md` beside the instances has the rules."""

    format: Literal["karez-loop-result 1"] = "karez-loop-result 1"
    instance: str
    by: str
    parcels: list[Ride | None] = Field(description="In the instance's order; null where it never came on.")
    coding: list[tuple[int, int, Ms]] = Field([], description="Parcel, coder (from 0), when he begins.")


F = TypeVar("F", InstanceFile, ResultFile)


def read(kind: type[F], path: Path) -> F:
    """Read a file of the benchmark.

    Raises
    ------
    BadInput
        It is not there, or not of this format; says where and why.
    """
    try:
        return kind.model_validate_json(path.read_bytes())
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror})", str(path), "name a file of the benchmark") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise BadInput(f"{where}: {first['msg']}", str(path), "see benchmarks/loop/README.md") from None


def schema(kind: type[BaseModel]) -> dict[str, Any]:
    """JSON Schema of a file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **kind.model_json_schema()}


def digest(spelled_out: InstanceFile) -> str:
    """SHA-256 of an instance that is spelled out, without name and words about it."""
    told = spelled_out.model_dump(include={"loop", "coding", "jams", "parcels"})
    return sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
