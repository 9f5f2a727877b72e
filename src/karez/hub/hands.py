"""What people do to parcels by hand, told over the control socket."""

from typing import Any

from karez.domain.coding import operator_name
from karez.domain.errors import BadInput
from karez.domain.ids import ParcelId
from karez.eventstore.append import Append
from karez.hub.control import Control


async def taken_off(head: dict[str, Any], control: Control) -> dict[str, Any]:
    """Answer a ``taken_off`` message, once it is durable; ``taken_off`` is false for what is not on the sorter."""
    by = operator_name(str(head.get("by", "")))
    if by is None:
        raise BadInput("names nobody who took it off", "control socket")
    parcel = control.tracking.parcels.get(ParcelId(str(head.get("parcel", ""))))
    if parcel is None:
        return {"taken_off": False}
    control.taken_off(parcel, by)
    await control.commits.stored(Append())
    return {"taken_off": True}
