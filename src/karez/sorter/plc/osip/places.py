"""OSIP's locations, 5 × 4 characters, to places of the sorter and back.

By rule: ``LOOP`` (the area) + kind + name in 8 characters, filled up with ``_`` + carrier in 4 digits:
``LOOPCHUTK07_____0017`` is chute K07, reached by carrier 17. A PLC with names of its own has a table: the first 16
characters are the place; the last 4 the carrier, 0000 where the PLC does not tell it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

_NAME, _FILL = 8, "_"
_MOST_CARRIER = 9_999


class Kind(StrEnum):
    """What kind of place; the value is the second group of a location made by rule."""

    INDUCTION = "INDU"
    SCAN = "SCAN"
    CHUTE = "CHUT"
    LOOP = "LOOP"
    OTHER = "OTHR"  # a place of the PLC's own that no table names


_BY_RULE = {str(kind): kind for kind in Kind if kind is not Kind.OTHER}


@dataclass(frozen=True, slots=True)
class Place:
    """A place, and the carrier that is there; ``carrier`` None where the PLC does not tell it."""

    kind: Kind
    name: str
    carrier: int | None


class Places:
    """The rule and the tables.

    Parameters
    ----------
    area
        Four characters.
    chutes, inductions
        The PLC's own 16 characters by name.
    """

    def __init__(self, area: str, chutes: Mapping[str, str], inductions: Mapping[str, str]) -> None:
        self._area = area
        self._own = {(Kind.CHUTE, name): place for name, place in chutes.items()}
        self._own |= {(Kind.INDUCTION, name): place for name, place in inductions.items()}
        self._named = {place: name for name, place in self._own.items()}

    def location(self, kind: Kind, name: str = "", carrier: int = 0) -> str:
        """Twenty characters.

        Raises
        ------
        ValueError
            Where the name does not fit, or there are too many carriers, for the wire.
        """
        place = self._own.get((kind, name))
        if place is None:
            if len(name) > _NAME or name.endswith(_FILL) or not name.isascii():
                raise ValueError(f"{kind.name.lower()} {name!r} has no location: give it one in the driver's options")
            place = f"{self._area}{kind}{name.ljust(_NAME, _FILL)}"
        if not 0 <= carrier <= _MOST_CARRIER:
            raise ValueError(f"carrier {carrier} does not fit into 4 digits")
        return f"{place}{carrier:04d}"

    def place(self, location: str) -> Place:
        """What a location names."""
        place, carrier = location[:16], location[16:]
        number = int(carrier) if carrier.isdigit() else None
        if place in self._named:
            kind, name = self._named[place]
            return Place(kind, name, number or None)
        by_rule = _BY_RULE.get(place[4:8])
        if place[:4] == self._area and by_rule:
            return Place(by_rule, place[8:].rstrip(_FILL), number)
        return Place(Kind.OTHER, place, number or None)
