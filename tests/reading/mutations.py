"""Broken picture files, made from whole ones: each index gives the same file every time."""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache

import cv2
import numpy as np
from PIL import Image

from reading.drawn_labels import LabelText, Shot, draw_label, photograph

NUMBERS = ("YT2512345678901", "SF1234567890123")
"""Waybill numbers on the whole pictures: no other may be read from a broken one."""

Random = np.random.Generator
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@cache
def whole() -> tuple[bytes, ...]:
    """Whole files: two labels in every kind of JPEG and PNG, small enough to be read thousands of times."""
    files: list[bytes] = []
    for number, angle in zip(NUMBERS, (14, 203), strict=True):
        shot = Shot(px_per_mm=3.4, angle_deg=angle, width=720, height=600, blur_px=0.3)
        grey = Image.fromarray(photograph(draw_label(LabelText(waybill=number)), shot))
        colour = Image.merge("RGB", [grey, grey.point(lambda v: min(255, v + 9)), grey])
        exif = Image.Exif()
        exif[0x0112] = 6
        jpeg, png = {"format": "JPEG", "quality": 82}, {"format": "PNG"}
        files += [
            _saved(grey, jpeg),
            _saved(colour, {**jpeg, "progressive": True}),
            _saved(colour, {**jpeg, "subsampling": 2, "exif": exif, "restart_marker_rows": 4}),
            _saved(colour.convert("CMYK"), jpeg),
            _saved(grey, png),
            _saved(colour, png),
            _saved(grey.point(lambda v: 255 if v > 110 else 0).convert("1"), png),
            _saved(colour.convert("P", palette=Image.Palette.ADAPTIVE), png),
            _saved(Image.merge("LA", [grey, Image.new("L", grey.size, 250)]), png),
            _saved(Image.merge("RGBA", [*colour.split(), Image.new("L", grey.size, 250)]), png),
            _sixteen_bit(grey),
            _interlaced(grey),
        ]
    return tuple(files)


def _saved(picture: Image.Image, how: dict[str, object]) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, **how)  # type: ignore[arg-type]
    return stream.getvalue()


def _sixteen_bit(grey: Image.Image) -> bytes:
    done, data = cv2.imencode(".png", np.asarray(grey).astype(np.uint16) * 257)
    assert done
    return data.tobytes()


def _interlaced(grey: Image.Image) -> bytes:
    """Write a PNG in Adam7 order, which no library at hand writes."""
    pixels = np.asarray(grey)
    rows = b""
    for x, y, across, down in (
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ):
        rows += b"".join(b"\0" + row.tobytes() for row in pixels[y::down, x::across])
    head = struct.pack(">IIBBBBB", grey.width, grey.height, 8, 0, 0, 0, 1)
    return _joined([(b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")])


def mutation(index: int) -> tuple[str, bytes]:
    """Break one file: gives what was done to it, and the bytes."""
    rng = np.random.default_rng(index)
    files = whole()
    data = files[int(rng.integers(len(files)))]
    special = _PNG_WAYS if data.startswith(_SIGNATURE) else _JPEG_WAYS
    ways = (*_WAYS, *special, *special)
    done: list[str] = []
    for _ in range(int(rng.choice([1, 1, 1, 2, 3]))):
        way = ways[int(rng.integers(len(ways)))]
        done.append(way.__name__.strip("_"))
        data = way(data, rng)
    return "+".join(done), data


# ---- any file ------------------------------------------------------------------------------------------------------


def _bits_flipped(data: bytes, rng: Random) -> bytes:
    broken = bytearray(data)
    for _ in range(int(rng.choice([1, 4, 30, 300]))):
        if broken:
            broken[int(rng.integers(len(broken)))] ^= 1 << int(rng.integers(8))
    return bytes(broken)


def _head_flipped(data: bytes, rng: Random) -> bytes:
    broken = bytearray(data)
    for _ in range(int(rng.integers(1, 6))):
        if broken:
            broken[int(rng.integers(min(len(broken), 700)))] = int(rng.integers(256))
    return bytes(broken)


def _cut_off(data: bytes, rng: Random) -> bytes:
    return data[: int(rng.integers(len(data) + 1))]


def _cut_out(data: bytes, rng: Random) -> bytes:
    start, length = int(rng.integers(len(data) + 1)), int(rng.choice([1, 16, 400, 9000]))
    return data[:start] + data[start + length :]


def _repeated(data: bytes, rng: Random) -> bytes:
    start, length = int(rng.integers(len(data) + 1)), int(rng.choice([2, 50, 3000]))
    return data[: start + length] + data[start:]


def _stuffed(data: bytes, rng: Random) -> bytes:
    start = int(rng.integers(len(data) + 1))
    return data[:start] + rng.bytes(int(rng.choice([1, 30, 5000]))) + data[start:]


def _zeroed(data: bytes, rng: Random) -> bytes:
    start, length = int(rng.integers(len(data) + 1)), int(rng.choice([4, 200, 8000]))
    return data[:start] + bytes(len(data[start : start + length])) + data[start + length :]


def _spliced(data: bytes, rng: Random) -> bytes:
    other = whole()[int(rng.integers(len(whole())))]
    return data[: int(rng.integers(len(data) + 1))] + other[int(rng.integers(len(other))) :]


def _with_a_tail(data: bytes, rng: Random) -> bytes:
    return data + (whole()[int(rng.integers(len(whole())))] if rng.random() < 0.5 else rng.bytes(2000))


# ---- JPEG ----------------------------------------------------------------------------------------------------------


def _segments(data: bytes) -> list[int]:
    """Places of the markers before the first scan, and of the scan."""
    at, places = 2, []
    while at + 4 <= len(data) and data[at] == 0xFF:
        places.append(at)
        if data[at + 1] == 0xDA:
            break
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return places


def _at_a_segment(change: Callable[[bytearray, int, Random], None]) -> Callable[[bytes, Random], bytes]:
    def way(data: bytes, rng: Random) -> bytes:
        places = _segments(data)
        broken = bytearray(data)
        if places:
            change(broken, places[int(rng.integers(len(places)))], rng)
        return bytes(broken)

    way.__name__ = change.__name__
    return way


def _segment_length_lies(broken: bytearray, at: int, rng: Random) -> None:
    broken[at + 2 : at + 4] = int(rng.choice([0, 1, 2, 3, 7, 255, 0x7FFF, 0xFFFF])).to_bytes(2, "big")


def _segment_of_another_kind(broken: bytearray, at: int, rng: Random) -> None:
    broken[at + 1] = int(
        rng.choice([0xC0, 0xC1, 0xC2, 0xC3, 0xC4, 0xC9, 0xCC, 0xD0, 0xD8, 0xD9, 0xDB, 0xDD, 0xE1, 0xEE])
    )


def _segment_twice(broken: bytearray, at: int, rng: Random) -> None:
    length = 2 + int.from_bytes(broken[at + 2 : at + 4], "big")
    broken[at:at] = broken[at : at + length] * int(rng.integers(1, 40))


def _segment_scrambled(broken: bytearray, at: int, rng: Random) -> None:
    length = int.from_bytes(broken[at + 2 : at + 4], "big")
    for _ in range(int(rng.integers(1, 9))):
        place = at + 4 + int(rng.integers(max(1, length - 2)))
        if place < len(broken):
            broken[place] = int(rng.integers(256))


def _jpeg_of_another_size(data: bytes, rng: Random) -> bytes:
    """Let the frame header lie about rows, columns, precision or components."""
    broken = bytearray(data)
    for at in _segments(data):
        if broken[at + 1] in (0xC0, 0xC1, 0xC2):
            what = int(rng.integers(4))
            if what == 0:
                broken[at + 5 : at + 9] = struct.pack(">HH", *(int(v) for v in rng.choice([0, 1, 7, 9000, 65535], 2)))
            elif what == 1:
                broken[at + 5 : at + 7] = int(rng.integers(1, 5000)).to_bytes(2, "big")
            elif what == 2:
                broken[at + 4] = int(rng.choice([1, 7, 12, 16, 255]))
            else:
                place = at + 9 + int(rng.integers(10))
                broken[place] = int(rng.integers(256))
    return bytes(broken)


# ---- PNG -----------------------------------------------------------------------------------------------------------

Chunk = tuple[bytes, bytes]


def _chunks(data: bytes) -> Iterator[Chunk]:
    at = 8
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        if at + 12 + length > len(data):
            return
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def _joined(chunks: list[Chunk]) -> bytes:
    """Put chunks together, each with a right length and checksum: the decoder gets to see what is in them."""
    parts = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    ]
    return _SIGNATURE + b"".join(parts)


def _png_header_lies(data: bytes, rng: Random) -> bytes:
    chunks = list(_chunks(data))
    for index, (kind, body) in enumerate(chunks):
        if kind == b"IHDR" and len(body) == 13:
            head = list(struct.unpack(">IIBBBBB", body))
            what = int(rng.integers(7))
            sizes, small = [0, 1, 8, 5000, 9000, 70000, 2**31 - 1, 2**32 - 1], [0, 1, 2, 3, 4, 6, 7, 8, 16, 255]
            head[what] = int(rng.choice(sizes if what < 2 else small))
            chunks[index] = kind, struct.pack(">IIBBBBB", *head)
    return _joined(chunks)


def _chunk_moved_or_twice(data: bytes, rng: Random) -> bytes:
    chunks = list(_chunks(data))
    if chunks:
        one = chunks[int(rng.integers(len(chunks)))]
        if rng.random() < 0.5:
            chunks.remove(one)
        chunks.insert(int(rng.integers(len(chunks) + 1)), one)
    return _joined(chunks)


def _chunk_length_lies(data: bytes, rng: Random) -> bytes:
    broken, places, at = bytearray(data), [], 8
    for _, body in _chunks(data):
        places.append(at)
        at += 12 + len(body)
    if places:
        place = places[int(rng.integers(len(places)))]
        broken[place : place + 4] = int(rng.choice([0, 1, 5, 2**16, 2**31 - 1, 2**32 - 1])).to_bytes(4, "big")
    return bytes(broken)


def _pixels_changed(data: bytes, rng: Random) -> bytes:
    """Other rows than the header says, or other bytes in them, rightly packed."""
    chunks = list(_chunks(data))
    packed = b"".join(body for kind, body in chunks if kind == b"IDAT")
    try:
        rows = bytearray(zlib.decompress(packed))
    except zlib.error:
        return data
    what = int(rng.integers(3))
    if what == 0:
        rows = rows[: int(rng.integers(len(rows) + 1))]
    elif what == 1:
        rows += rng.bytes(50_000)
    else:
        for _ in range(400):
            rows[int(rng.integers(len(rows)))] = int(rng.integers(256))
    kept = [chunk for chunk in chunks if chunk[0] != b"IDAT"]
    kept.insert(max(1, len(kept) - 1), (b"IDAT", zlib.compress(bytes(rows), 1)))
    return _joined(kept)


def _with_a_strange_chunk(data: bytes, rng: Random) -> bytes:
    bomb = zlib.compress(bytes(3_000_000), 9)
    strange: list[Chunk] = [
        (b"zTXt", b"Comment\0\0" + bomb),
        (b"iCCP", b"profile\0\0" + bomb),
        (b"iTXt", b"Comment\0\1\0\0\0" + bomb),
        (b"tRNS", rng.bytes(int(rng.integers(300)))),
        (b"PLTE", rng.bytes(3 * int(rng.integers(300)))),
        (b"acTL", struct.pack(">II", 2**31 - 1, 0)),
        (b"eXIf", rng.bytes(60)),
        (b"gAMA", struct.pack(">I", 0)),
        (b"pHYs", rng.bytes(9)),
        (b"QQQQ", rng.bytes(100)),
    ]
    chunks = list(_chunks(data))
    chunks.insert(min(1, len(chunks)), strange[int(rng.integers(len(strange)))])
    return _joined(chunks)


_WAYS = (
    _bits_flipped,
    _head_flipped,
    _cut_off,
    _cut_out,
    _repeated,
    _stuffed,
    _zeroed,
    _spliced,
    _with_a_tail,
)
_JPEG_WAYS = (
    _at_a_segment(_segment_length_lies),
    _at_a_segment(_segment_of_another_kind),
    _at_a_segment(_segment_twice),
    _at_a_segment(_segment_scrambled),
    _jpeg_of_another_size,
    _jpeg_of_another_size,
)
_PNG_WAYS = (
    _png_header_lies,
    _png_header_lies,
    _chunk_moved_or_twice,
    _chunk_length_lies,
    _pixels_changed,
    _with_a_strange_chunk,
)
