"""What rides, as an OSIP hub end must remember it: whose parcel an item is, its lap, and which request is open.

OSIP carries no parcel id, no lap and no order id. With ``barcode = "item"`` the field is the PLC's own number of the
item and is the parcel's id: nothing is lost when the hub starts anew. With ``barcode = "label"`` the carrier tells
items apart: INDUCT, or the first telegram that names an unknown carrier, makes an id of carrier and the PLC's time;
after a start of the hub what rides is made known anew by its next request, under a new id.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Literal
from zlib import crc32

from karez.domain.errors import BadTelegram
from karez.domain.ids import ParcelId
from karez.sorter.plc.osip.dialogue import is_empty, name_of
from karez.sorter.plc.osip.places import Place

MOST = 20_000
"""Items that are remembered, the latest first: more than any loop has carriers."""


@dataclass(slots=True)
class Item:
    """One item.

    Attributes
    ----------
    barcode, actual
        As they stood in its last telegram.
    lap, lap_ms
        Counted here: 1 with its first request, and one more with each that comes a lap later by the PLC's clock.
    seq, error
        Of the request that waits for its answer; ``seq`` ``None`` where none does.
    answer
        Number and bytes of the last answer, for a request that comes again.
    """

    parcel: ParcelId
    carrier: int
    barcode: str
    actual: str
    lap: int = 0
    lap_ms: int = 0
    seq: int | None = None
    error: str | None = None
    answer: tuple[int, bytes] | None = None


class Items:
    """Remembers items.

    Parameters
    ----------
    by
        What the barcode field holds.
    lap_least_ms
        A request that comes sooner than this after the lap's first is on the same lap.
    """

    def __init__(self, by: Literal["item", "label"], lap_least_ms: int, most: int = MOST) -> None:
        self._by, self._lap_least_ms, self._most = by, lap_least_ms, most
        self._items: OrderedDict[ParcelId, Item] = OrderedDict()
        self._on_carrier: dict[int, ParcelId] = {}

    def __len__(self) -> int:
        return len(self._items)

    def get(self, parcel: ParcelId) -> Item | None:
        """Give the item of a parcel."""
        return self._items.get(parcel)

    def inducted(self, barcode: str, actual: str, at: Place, ts_ms: int) -> Item:
        """An item was put on a carrier: always a new one where carriers tell items apart."""
        if self._by == "label":
            self._on_carrier.pop(self._carrier(at), None)
        return self.seen(barcode, actual, at, ts_ms)

    def seen(self, barcode: str, actual: str, at: Place, ts_ms: int) -> Item:
        """Give the item that a telegram speaks of; unknown, it is made."""
        if self._by == "item":
            if is_empty(barcode):
                raise BadTelegram("names no item")
            parcel = ParcelId(name_of(barcode))
            carrier = at.carrier if at.carrier is not None else _carrier_of_its_own(barcode)
        else:
            carrier = self._carrier(at)
            parcel = self._on_carrier.get(carrier) or ParcelId(f"C{carrier:04d}-{ts_ms // 1000}")
        item = self._items.get(parcel) or Item(parcel, carrier, barcode, actual)
        item.carrier, item.barcode, item.actual = carrier, barcode, actual
        self._keep(item)
        return item

    def asked(self, barcode: str, actual: str, at: Place, ts_ms: int, seq: int, error: str) -> Item:
        """An item asks where to go: counts its lap, and keeps the request open."""
        item = self.seen(barcode, actual, at, ts_ms)
        if item.lap == 0 or not 0 <= ts_ms - item.lap_ms < self._lap_least_ms:
            item.lap, item.lap_ms = item.lap + 1, ts_ms
        item.seq, item.error = seq, error
        return item

    def left(self, parcel: ParcelId) -> None:
        """It rides no longer."""
        item = self._items.pop(parcel, None)
        if item is not None and self._on_carrier.get(item.carrier) == parcel:
            del self._on_carrier[item.carrier]

    def _carrier(self, at: Place) -> int:
        if at.carrier is None:
            raise BadTelegram("names no carrier, which is how items are told apart here")
        return at.carrier

    def _keep(self, item: Item) -> None:
        self._items[item.parcel] = item
        self._items.move_to_end(item.parcel)
        if self._by == "label":
            self._on_carrier[item.carrier] = item.parcel
        if len(self._items) > self._most:
            self.left(next(iter(self._items)))


def _carrier_of_its_own(barcode: str) -> int:
    """Give a carrier that no other item is on, where the PLC tells none: negative, and the same after a restart."""
    return -1 - crc32(barcode.encode())
