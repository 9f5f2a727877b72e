"""Bounds for asyncua's decoder, so that a few bytes of a hostile peer cannot hold up the control loop.

asyncua decodes an array of nothing element by element, without a byte for each: five bytes ask for 2^31 of them, which
takes minutes and all memory. The standard has no such array (OPC 10000-6, 5.2.2.16: nothing follows a null Variant).
"""

from typing import Any

from asyncua import ua
from asyncua.ua import ua_binary

_MOST_ELEMENTS = 1_024  # of a matrix, which no tag of ours is

_unbounded = ua_binary.unpack_uatype_array


def _bounded(vtype: ua.VariantType, data: Any) -> list[Any] | None:
    if vtype is ua.VariantType.Null:
        raise ua.UaError("an array of null values")
    return _unbounded(vtype, data)


def set_bounds() -> None:
    """Set them, for every client and server of this process; again does nothing more."""
    ua_binary.unpack_uatype_array = _bounded
    ua_binary.MAX_RESHAPE_ELEMENTS = _MOST_ELEMENTS
