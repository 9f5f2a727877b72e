"""Files become pixels, or a no-read that says why; never an exception."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from karez.domain.frames import Frame
from karez.domain.reading import NoRead, NoReadReason
from karez.reading.pictures import Undecodable, decode
from karez.reading.reader import Reader
from karez.reading.waybills import WaybillRules
from reading.drawn_labels import as_tiff, encode, label_jpeg

LIMIT = 50.0
GREY = np.tile(np.arange(0, 256, 2, dtype=np.uint8), (64, 1))
JPEG = label_jpeg(width=320, height=240)


def reason(data: bytes) -> NoReadReason:
    refused = decode(data, LIMIT)
    assert isinstance(refused, Undecodable)
    assert refused.explanation.endswith(".")
    return refused.reason


def pixels(data: bytes) -> np.ndarray:
    decoded = decode(data, LIMIT)
    assert isinstance(decoded, np.ndarray), decoded
    return decoded


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def bomb(side: int) -> bytes:
    """A PNG whose header names side × side pixels, and whose data are a few bytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")


def test_zero_bytes_are_an_empty_file() -> None:
    assert reason(b"") is NoReadReason.EMPTY_FILE


def test_text_named_jpg_is_not_a_picture() -> None:
    assert reason(b"this is a letter, not a picture\n" * 20) is NoReadReason.NOT_A_PICTURE


@pytest.mark.parametrize("side", [10_000, 30_000])
def test_a_hundred_megapixels_are_refused_from_the_header_alone(side: int) -> None:
    assert reason(bomb(side)) is NoReadReason.PICTURE_TOO_LARGE


@pytest.mark.parametrize("shape", [(2, 40_000), (40_000, 2)])
def test_a_side_that_no_view_can_have_is_refused_whatever_the_other_is(shape: tuple[int, int]) -> None:
    assert reason(encode(np.full(shape, 200, np.uint8), ".png")) is NoReadReason.PICTURE_TOO_LARGE


@pytest.mark.parametrize("shape", [(300, 31_000), (31_000, 300)])
def test_a_strip_of_the_longest_side_is_looked_at(shape: tuple[int, int], reader: Reader, rules: WaybillRules) -> None:
    stripes = np.tile(np.repeat(np.array([0, 255], np.uint8), 3), shape[1] // 6 + 1)[: shape[1]]
    strip = np.repeat(stripes[None], shape[0], axis=0)
    outcome = reader.read([Frame(encode(strip, ".png"))], rules, text="auto")
    assert isinstance(outcome, NoRead)
    assert outcome.reason is not NoReadReason.READER_FAILED


def test_a_few_pixels_are_too_small() -> None:
    assert reason(encode(GREY[:6, :6], ".png")) is NoReadReason.PICTURE_TOO_SMALL


@pytest.mark.parametrize("ending", [".jpg", ".png", ".webp"])
def test_a_file_cut_in_half_is_broken(ending: str) -> None:
    whole = encode(pixels(JPEG), ending)
    assert reason(whole[: len(whole) // 2]) is NoReadReason.BROKEN_PICTURE


def test_a_cut_file_with_a_whole_thumbnail_is_still_broken() -> None:
    exif = Image.Exif()
    exif[0x010E] = "\xff\xd9 as a thumbnail inside EXIF would end"
    data = saved(Image.fromarray(pixels(JPEG)), "JPEG", exif=exif, comment=b"\xff\xd8 \xff\xd9")
    assert isinstance(decode(data, LIMIT), np.ndarray)
    assert reason(data[: len(data) * 2 // 3]) is NoReadReason.BROKEN_PICTURE


@pytest.mark.parametrize("ending", [".jpg", ".png", ".webp"])
def test_usual_formats_are_decoded(ending: str) -> None:
    assert np.allclose(pixels(encode(GREY, ending)), GREY, atol=6)


def test_tiff_is_decoded() -> None:
    assert np.array_equal(pixels(as_tiff(GREY)), GREY)


def test_sixteen_bits_keep_their_upper_half() -> None:
    deep = GREY.astype(np.uint16) * 257
    assert np.allclose(pixels(encode(deep, ".png")), GREY, atol=1)


def test_what_is_transparent_is_white_as_on_paper() -> None:
    layered = np.dstack([np.zeros((64, 128, 3), np.uint8), np.full((64, 128), 255, np.uint8)])
    layered[:, :64, 3] = 0
    decoded = pixels(saved(Image.fromarray(layered), "PNG"))
    assert decoded[:, :64].min() == 255
    assert decoded[:, 64:].max() == 0


def test_exif_turning_is_not_applied_so_boxes_stay_in_stored_pixels() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert pixels(saved(Image.fromarray(GREY), "JPEG", exif=exif)).shape == GREY.shape


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_damage_to_a_file_raises(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([JPEG, encode(GREY, ".png"), encode(GREY, ".webp"), as_tiff(GREY)]))
    broken = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 12))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    decoded = decode(bytes(broken[: data.draw(st.integers(0, len(broken)))]), LIMIT)
    assert isinstance(decoded, Undecodable | np.ndarray)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    assert isinstance(decode(data, LIMIT), Undecodable)
