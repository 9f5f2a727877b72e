"""Several cameras, frames and laps of one parcel: what earlier pictures told counts for the next."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from karez.address.gazetteer import Gazetteer
from karez.domain import events as ev
from karez.domain.frames import Frame
from karez.domain.ids import ParcelId
from karez.domain.reading import Box, Line, NoRead, NoReadReason
from karez.domain.telegrams import DivertOutcome
from small_hub import NO_READ, SmallHub, reading, waybill

KASHI = "901 K01"
BOX: Box = ((0, 0), (9, 0), (9, 9), (0, 9))


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture
def hub(tmp_path: Path, gazetteer: Gazetteer) -> Iterator[SmallHub]:
    hub = SmallHub(tmp_path, gazetteer)
    yield hub
    hub.store.close()


def printed(number: int) -> NoRead:
    """A picture that tells a number by one print alone."""
    line = Line(waybill(number), "Latn", 0.97, BOX)
    return NoRead(NoReadReason.UNCONFIRMED, "nothing confirms it", (waybill(number),), lines=(line,), ms=10.0)


def shoot(hub: SmallHub, *pictures: bytes) -> None:
    """Take pictures of parcel p1 from several cameras."""
    for camera, data in enumerate(pictures):
        hub.control.take_frame(Frame(data, f"C{camera}", parcel=ParcelId("p1")))


async def test_two_cameras_that_read_a_number_by_text_confirm_each_other(hub: SmallHub) -> None:
    hub.induct("p1")
    shoot(hub, b"left", b"right")
    hub.read(printed(1))
    assert hub.control.tracking.parcels[ParcelId("p1")].waybill is None
    hub.read(printed(1))
    assert hub.control.tracking.parcels[ParcelId("p1")].waybill == waybill(1)


async def test_one_picture_sent_twice_is_one_witness(hub: SmallHub) -> None:
    hub.induct("p1")
    shoot(hub, b"left", b"left")
    hub.read(printed(1))
    hub.read(printed(1))
    assert hub.control.tracking.parcels[ParcelId("p1")].waybill is None


async def test_cameras_that_read_different_numbers_are_a_contradiction_and_the_parcel_is_not_sorted_by_either(
    hub: SmallHub,
) -> None:
    hub.induct("p1")
    shoot(hub, b"left", b"right")
    hub.read(reading(1, KASHI))
    hub.read(reading(2, KASHI))
    hub.scan("p1")
    await hub.settle()
    said = [each.event for each in hub.store.read_stream("parcel-p1")]
    assert [event.reason for event in said if isinstance(event, ev.ParcelNotRead)] == ["contradiction"]
    assert hub.control.tracking.parcels[ParcelId("p1")].waybill is None
    assert hub.control.tracking.waybills == {}
    assert [dest.chute for dest in hub.plc.dests] == [None]  # round once more


async def test_a_contradiction_behind_the_order_is_recorded_and_the_order_stands(hub: SmallHub) -> None:
    hub.induct("p1")
    shoot(hub, b"left", b"right")
    hub.read(reading(1, KASHI))
    hub.scan("p1")
    hub.read(reading(2, KASHI))
    hub.divert("p1", "A")
    await hub.settle()
    assert [dest.chute for dest in hub.plc.dests] == ["A"]
    assert "parcel.not_read" in hub.kinds("p1")
    assert hub.kinds("p1")[-1] == "parcel.diverted"


async def test_a_contradicted_parcel_ends_in_the_exception_chute(hub: SmallHub) -> None:
    hub.induct("p1")
    for lap in (1, 2, 3):
        shoot(hub, b"left %d" % lap, b"right %d" % lap)
        hub.read(reading(1, KASHI))
        hub.read(reading(2, KASHI))
        hub.scan("p1", lap)
        if lap < 3:
            hub.divert("p1", None, DivertOutcome.RECIRCULATED)
    await hub.settle()
    assert [dest.chute for dest in hub.plc.dests] == [None, None, "X"]


async def test_the_plc_s_scanner_is_a_witness_too(hub: SmallHub) -> None:
    hub.induct("p1")
    shoot(hub, b"left")
    hub.read(printed(1))
    hub.scan("p1", codes=(waybill(1),))
    await hub.settle()
    assert hub.control.tracking.parcels[ParcelId("p1")].waybill == waybill(1)


async def test_what_a_parcel_s_pictures_told_is_forgotten_with_it_and_never_more_than_a_few(hub: SmallHub) -> None:
    hub.induct("p1")
    for number in range(20):
        shoot(hub, b"picture %d" % number)
        hub.read(NO_READ)
    assert len(hub.control.tracking.witnesses[ParcelId("p1")]) == 12
    hub.scan("p1")
    hub.divert("p1", "X")
    await hub.settle()
    assert hub.control.tracking.witnesses == {}
