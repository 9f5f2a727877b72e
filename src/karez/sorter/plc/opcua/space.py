"""The tags of the address space: their paths, types and node ids, the same for both ends.

``Plc.…`` is written by the PLC and read by the hub, ``Hub.…`` the other way round. Whole numbers are Int64, where −1
says "none"; texts are String, where the empty one says "none".
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from asyncua import ua

from karez.domain.telegrams import Dest, Divert, Induct, Scan, State, Telegram
from karez.sorter.plc.opcua.options import OpcUaOptions

LAYOUT_VERSION = 1
MAX_SLOTS = 1_024

WHOLE, TEXT = ua.VariantType.Int64, ua.VariantType.String

VERSION, SLOTS = "Plc.Version", "Plc.Slots"
PLC_SESSION, PLC_FIRST, PLC_LAST, PLC_HEARTBEAT = "Plc.Session", "Plc.First", "Plc.Last", "Plc.Heartbeat"
TAKEN_SESSION, TAKEN_NUMBER = "Plc.TakenSession", "Plc.TakenNumber"
HUB_SESSION, HUB_FIRST, HUB_LAST, HUB_HEARTBEAT = "Hub.Session", "Hub.First", "Hub.Last", "Hub.Heartbeat"
ACK_SESSION, ACK_NUMBER = "Hub.AckSession", "Hub.AckNumber"

PLC_TAGS = {
    VERSION: WHOLE,
    SLOTS: WHOLE,
    PLC_SESSION: TEXT,
    PLC_FIRST: WHOLE,
    PLC_LAST: WHOLE,
    PLC_HEARTBEAT: WHOLE,
    TAKEN_SESSION: TEXT,
    TAKEN_NUMBER: WHOLE,
}
HUB_TAGS = {
    HUB_SESSION: TEXT,
    HUB_FIRST: WHOLE,
    HUB_LAST: WHOLE,
    HUB_HEARTBEAT: WHOLE,
    ACK_SESSION: TEXT,
    ACK_NUMBER: WHOLE,
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a telegram as a tag or a method's argument.

    Attributes
    ----------
    name
        As `karez.domain.telegrams` names it.
    tag
        The same in the PLC's spelling.
    optional
        −1 or the empty text says "none".
    """

    name: str
    tag: str
    kind: ua.VariantType
    many: bool = False
    optional: bool = False


def _field(name: str, kind: ua.VariantType, *, many: bool = False, optional: bool = False) -> Field:
    return Field(name, "".join(part.capitalize() for part in name.split("_")), kind, many, optional)


_TEXTS = ("parcel", "induction", "outcome", "subject", "name", "state", "reason")
_OPTIONAL_TEXTS = ("chute", "order")
_WHOLES = ("carrier", "lap", "ts_ms")
_OPTIONAL_WHOLES = ("mass_g", "length_mm", "width_mm", "height_mm", "value", "valid_for_ms")
_LISTS = ("codes", "alternatives")

FIELDS: dict[str, Field] = {
    **{name: _field(name, TEXT) for name in _TEXTS},
    **{name: _field(name, TEXT, optional=True) for name in _OPTIONAL_TEXTS},
    **{name: _field(name, WHOLE) for name in _WHOLES},
    **{name: _field(name, WHOLE, optional=True) for name in _OPTIONAL_WHOLES},
    **{name: _field(name, TEXT, many=True) for name in _LISTS},
}


def _fields_of(*telegrams: type[Telegram]) -> tuple[Field, ...]:
    names = dict.fromkeys(each.name for telegram in telegrams for each in fields(telegram))
    return tuple(FIELDS[name] for name in names)


FIELDS_OF = {
    "INDUCT": _fields_of(Induct),
    "SCAN": _fields_of(Scan),
    "DIVERT": _fields_of(Divert),
    "STATE": _fields_of(State),
    "DEST": _fields_of(Dest),
}
"""By the telegram's type, in the order of a method's arguments."""

PLC_SLOT = _fields_of(Induct, Scan, Divert, State)
"""Fields of a slot of the PLC, behind ``Number`` and ``Type`` (mode ``tags``)."""

HUB_SLOT = _fields_of(Dest, State)
"""Fields of a slot of the hub, behind ``Number`` and ``Type`` (mode ``tags``)."""

METHODS = {"DEST": "Order", "STATE": "State"}
"""Methods of the PLC by the type of the hub's telegram (mode ``method``)."""

METHOD_HEAD = (("Session", TEXT), ("Number", WHOLE))
"""What every method takes before the telegram's fields."""


def slot_of(number: int, slots: int) -> int:
    """Slot that this running number stands in; number 1 stands in slot 0."""
    return (number - 1) % slots


def text_slot(slot: int) -> str:
    """Path of the PLC's slot in mode ``method``: one text."""
    return f"Plc.Slot[{slot}]"


def slot_tags(side: str, slot: int, of: Sequence[Field]) -> list[str]:
    """Paths of a slot's tags in mode ``tags``: number, type, fields."""
    head = f"{side}.Slot[{slot}]"
    return [f"{head}.Number", f"{head}.Type", *(f"{head}.{field.tag}" for field in of)]


def standard_id(number: int) -> ua.NodeId:
    """Node id of the standard's own namespace, which has numbers for names."""
    return ua.NodeId(ua.Int32(number))


class Names:
    """Makes node ids of paths.

    Parameters
    ----------
    options
        Prefix and quoting: many PLCs derive node ids from their variables' names.
    namespace
        Index of the namespace in the server at hand.
    """

    def __init__(self, options: OpcUaOptions, namespace: int) -> None:
        self._prefix, self._quoted, self._namespace = options.prefix, options.quoted, namespace
        self._known: dict[str, ua.NodeId] = {}

    def id(self, path: str) -> ua.NodeId:
        """Node id of a tag or method."""
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = self._named(self._prefix + self._spelled(path))
        return known

    @property
    def root(self) -> ua.NodeId:
        """Node id of the object that has the methods: the prefix without its dot."""
        return self._named(self._prefix.rstrip("."))

    def _named(self, name: str) -> ua.NodeId:
        return ua.NodeId(ua.String(name), ua.Int16(self._namespace))

    def _spelled(self, path: str) -> str:
        if not self._quoted:
            return path
        parts = (part.partition("[") for part in path.split("."))
        return ".".join(f'"{name}"{bracket}{index}' for name, bracket, index in parts)
