"""Names of things: identifiers that must not be mistaken for one another."""

from typing import NewType

ParcelId = NewType("ParcelId", str)
"""One physical item on its one way over the sorter. Every INDUCT makes a new one."""

ChuteId = NewType("ChuteId", str)
"""An outlet of the sorter, as it is written on the floor, for example ``"K07"``."""

AreaId = NewType("AreaId", str)
"""A delivery area or onward flow of this hub, as named in its areas file."""

OrderId = NewType("OrderId", str)
"""One divert order; sent again after a reconnect under the same name, never decided again."""

StreamId = NewType("StreamId", str)
"""The history one event belongs to, for example ``"parcel-…"``, ``"chute-K07"`` or ``"hub"``."""

PictureId = NewType("PictureId", str)
"""SHA-256 of a picture's bytes as they arrived, in hexadecimal: its name in the picture store."""

AnswerId = NewType("AnswerId", str)
"""One answer of a coding operator, as it is listed and undone."""
