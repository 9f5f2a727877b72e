"""What the gazetteer holds: places, their other names, and where each row comes from."""

from enum import IntEnum, StrEnum

import msgspec


class Level(IntEnum):
    """Administrative level; a village is below a township, and so on."""

    PROVINCE = 1
    PREFECTURE = 2
    COUNTY = 3
    TOWNSHIP = 4
    VILLAGE = 5


class NameKind(StrEnum):
    """How a name stands to the place it means."""

    FULL = "full"  # as the list in force writes it
    SHORT = "short"  # without its generic ending, or the usual abbreviation
    FORMER = "former"  # in force until some year
    ALIAS = "alias"  # another living name: regiment, abbreviation, foreign or other-script name


class Source(msgspec.Struct, frozen=True, array_like=True):
    """A pinned package that rows were taken from."""

    package: str
    version: str
    sha256: str
    vintage: str
    licence: str
    credit: str


class Place(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One row of the gazetteer.

    Attributes
    ----------
    id
        Its position in the gazetteer's list; of this build only.
    level, name, code
        ``code`` is that of the row's vintage, for display only: codes are renumbered from year to year.
    parent
        Id of the place above it, -1 for a province.
    source
        Index into the gazetteer's sources; the vintage stands there.
    until
        Last year it is known to have been in force; 0 for a place in force.
    successor
        Where ``until`` is set: the id of the place that took it over, -1 where that is not known.
    since
        First year of the place under its name, where an event records it; 0 where none does (most are older).
    ug, latin
        Uyghur (Arabic script) and Latin name, empty where we have none.
    lon, lat
        WGS-84 degrees of its centre or seat (GeoNames), 0 where unknown.
    """

    id: int
    level: int
    name: str
    code: str
    parent: int
    source: int
    until: int = 0
    successor: int = -1
    ug: str = ""
    latin: str = ""
    lon: float = 0.0
    lat: float = 0.0
    since: int = 0


class Alias(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Another name of a place.

    Attributes
    ----------
    name, place, kind
        ``place`` is the id it means today.
    until
        Year in which a former name went out of force, 0 for a living name.
    within
        For a former name: the prefecture it stood under then, empty where not recorded or unchanged.
    source
        Index into the gazetteer's sources.
    """

    name: str
    place: int
    kind: NameKind
    until: int
    within: str
    source: int


class GazetteerFile(msgspec.Struct, frozen=True):
    """The shipped file, as it lies on disk (MessagePack, zlib)."""

    vintage: str
    sources: list[Source]
    places: list[Place]
    aliases: list[Alias]
    lookalikes: dict[str, str]
    traditional: dict[str, str]
