"""A PLC's program for the mailbox, written from the how-to page alone: no code of the driver is used here."""

import struct
from collections.abc import Callable
from zlib import adler32

HEADER, SLOT = 64, 122


class PaperPlc:
    """One call of `step` is one cycle of the PLC's program.

    Parameters
    ----------
    read, write
        Reach the block: ``read(byte, size)`` and ``write(byte, bytes)``.
    """

    def __init__(
        self,
        read: Callable[[int, int], bytes],
        write: Callable[[int, bytes], None],
        slots: int = 8,
        low_first: bool = False,
    ) -> None:
        self.read, self.write, self.slots, self.low_first = read, write, slots, low_first
        self.run, self.beat, self.sent, self.hub_acked = 0x51AB, 0, 0, 0
        self.hub_run, self.taken = 0, 0
        self.to_send: list[tuple[int, bytes]] = []
        self.orders: list[dict[str, object]] = []
        self.beating = True

    # ---- numbers ----

    def u32(self, value: int) -> bytes:
        high, low = value >> 16, value & 0xFFFF
        return struct.pack(">HH", *((low, high) if self.low_first else (high, low)))

    def i64(self, value: int) -> bytes:
        words = [value >> shift & 0xFFFF for shift in (48, 32, 16, 0)]
        return struct.pack(">4H", *(reversed(words) if self.low_first else words))

    def long(self, raw: bytes) -> int:
        first, second = struct.unpack(">HH", raw)
        return second << 16 | first if self.low_first else first << 16 | second

    # ---- what it says ----

    def induct(self, parcel: str, carrier: int) -> None:
        body = struct.pack("24s", parcel.encode()) + self.u32(carrier) + struct.pack("16s", b"I1") + self.i64(1_000)
        self.to_send.append((1, body))

    def scan(self, parcel: str, carrier: int, code: str) -> None:
        body = struct.pack("24s", parcel.encode()) + self.u32(carrier) + struct.pack(">H", 1) + self.i64(2_000)
        body += self.u32(1_240) + struct.pack(">HHHH28s28s", 310, 220, 0xFFFF, 1, code.encode(), b"")
        self.to_send.append((2, body))

    def slot(self, number: int, kind: int, body: bytes) -> bytes:
        raw = self.u32(number) + struct.pack(">HH108sH", self.run & 0xFFFF, kind, body, number & 0xFFFF)
        return raw + self.u32(adler32(raw))

    # ---- the cycle ----

    def step(self) -> None:
        self.hear()
        while self.to_send and self.sent - self.hub_acked < self.slots:
            self.sent += 1
            place = 128 + (self.sent - 1) % self.slots * SLOT
            self.write(place, self.slot(self.sent, *self.to_send.pop(0)))
        if self.beating:
            self.tell()

    def tell(self) -> None:
        self.beat = (self.beat + 1) & 0xFFFF
        raw = struct.pack(">HH", 0x4B5A, 1) + self.u32(self.run) + struct.pack("24s", b"paper")
        for value in (self.hub_run, self.taken, self.hub_acked + 1, self.sent):
            raw += self.u32(value)
        raw += struct.pack(">HHH6x", self.beat, self.slots, SLOT)
        self.write(0, raw + self.u32(adler32(raw)))

    def hear(self) -> None:
        raw = self.read(HEADER, HEADER)
        if self.long(raw[60:64]) != adler32(raw[:60]):
            return
        run, peer_run, acked, first, sent = (self.long(raw[at : at + 4]) for at in (4, 32, 36, 40, 44))
        if run != self.hub_run:
            self.hub_run, self.taken = run, first - 1
        if peer_run == self.run:
            self.hub_acked = max(self.hub_acked, acked)
        while self.taken < sent:
            place = 128 + self.slots * SLOT + self.taken % self.slots * SLOT
            slot = self.read(place, SLOT)
            if self.long(slot[118:]) != adler32(slot[:118]) or self.long(slot[:4]) != self.taken + 1:
                return
            self.taken += 1
            if struct.unpack(">H", slot[6:8]) == (5,):
                self.orders.append(self.order(slot[8:116]))

    def order(self, body: bytes) -> dict[str, object]:
        texts = {"order": body[:24], "parcel": body[24:48], "chute": body[48:56], "reason": body[92:]}
        named: dict[str, object] = {name: raw.rstrip(b"\0").decode() for name, raw in texts.items()}
        others = [body[at : at + 8].rstrip(b"\0").decode() for at in range(56, 88, 8)]
        return named | {"alternatives": [each for each in others if each], "valid_for_ms": self.long(body[88:92])}
