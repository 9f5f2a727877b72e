"""Learning from hands in the running hub: one answer, and the next parcel of the address needs nobody."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from karez.address.gazetteer import Gazetteer
from karez.address.learned import LearnedAddresses
from karez.domain import events as ev
from karez.domain.coding import CodingAnswer, CodingOutcome
from karez.domain.errors import BadInput
from karez.domain.ids import AnswerId, AreaId, ParcelId
from karez.domain.learned import LearnedAnswer
from karez.domain.reading import Found, NoRead, NoReadReason, Reading, Source, SourceKind
from karez.eventstore.append import Append
from karez.eventstore.pictures import PictureStore
from karez.eventstore.store import utc_now
from karez.hub.learning import same_again, take_answer
from karez.hub.upkeep import sweep
from karez.settings import CodingSection
from small_hub import SmallHub, reading

ADDRESS = "天元大酒店"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[SmallHub]:
    hub = SmallHub(tmp_path, Gazetteer.load(), CodingSection(ask=True))
    hub.resolver.learned = LearnedAddresses(
        hub.store.learned, hub.resolver.gazetteer, hub.resolver.areas, timedelta(days=180), utc_now
    )
    yield hub
    hub.store.close()


def addressed(number: int) -> Reading:
    return replace(reading(number), address=Found(ADDRESS, Source(SourceKind.LINE, 0, ()), 0.9))


async def arrive(hub: SmallHub, parcel: str, number: int) -> None:
    hub.induct(parcel, carrier=number)
    hub.picture(parcel)
    hub.read(addressed(number))
    await hub.settle()


def told(hub: SmallHub, parcel: str, operator: str, area: str) -> CodingOutcome:
    return hub.coder.take(CodingAnswer(ParcelId(parcel), operator, utc_now(), AreaId(area))).outcome


async def test_the_next_parcel_of_an_address_goes_where_the_operator_sent_the_first(hub: SmallHub) -> None:
    await arrive(hub, "p1", 1)
    assert [task.parcel for task in hub.control.tracking.coding.open] == ["p1"]
    assert told(hub, "p1", "Aygul", "SC") is CodingOutcome.THIS_LAP
    await hub.settle()
    await arrive(hub, "p2", 2)
    hub.scan("p2", carrier=2)
    await hub.settle()
    assert [(dest.parcel, dest.chute) for dest in hub.plc.dests] == [("p2", "C")]
    assert "coding.asked" not in hub.kinds("p2")
    found = next(each.event for each in hub.store.read_stream("parcel-p2") if each.event.kind == "parcel.resolved")
    assert (found.reason, found.area) == ("learned", "SC")


async def test_operators_who_disagree_have_the_next_parcel_asked_about_again(hub: SmallHub) -> None:
    await arrive(hub, "p1", 1)
    await arrive(hub, "p2", 2)
    told(hub, "p1", "Aygul", "SC")
    told(hub, "p2", "Li", "KS")
    await hub.settle()
    await arrive(hub, "p3", 3)
    assert [(task.parcel, task.why) for task in hub.control.tracking.coding.open] == [("p3", "disputed")]


async def test_the_sweep_forgets_what_is_older_than_the_setting(hub: SmallHub) -> None:
    old = datetime.now(UTC) - timedelta(days=hub.settings.learning.keep_days + 1)
    answers = [
        LearnedAnswer(AnswerId(name), ADDRESS, AreaId("SC"), "Aygul", at) for name, at in (("a", old), ("b", utc_now()))
    ]
    hub.store.submit(Append(learned=answers)).result()
    sweep(hub.settings, hub.store, PictureStore(hub.settings.pictures_dir))
    assert [each.id for each in hub.store.learned.all()] == ["b"]


async def test_what_turns_out_wrong_is_asked_about_anew(hub: SmallHub) -> None:
    """A number that a later picture contradicts is none any more, nor is the place it led to."""
    hub.induct("p1")
    hub.picture("p1")
    hub.picture("p1")
    hub.read(reading(1, "901 K01"))
    hub.read(NoRead(NoReadReason.CONTRADICTION, "two numbers", ms=1.0))
    await hub.settle()
    assert [each.event.kind for each in hub.store.read_stream("parcel-p1")][-1] == ev.CodingAsked.kind
    assert [(task.parcel, task.why) for task in hub.control.tracking.coding.open] == [("p1", "contradiction")]


async def test_no_answer_is_from_the_future(hub: SmallHub) -> None:
    now = datetime(2026, 11, 26, 8, tzinfo=UTC)
    ahead = LearnedAnswer(AnswerId("a"), ADDRESS, AreaId("SC"), "Aygul", now + timedelta(days=900))
    hub.clock.open()
    await take_answer(msgspec.json.encode(ahead), hub.control.commits, lambda: now)
    assert [each.at for each in hub.store.learned.all()] == [now]


def test_the_same_answer_within_a_day_is_a_repeat_and_anything_else_is_not() -> None:
    now = datetime(2026, 11, 26, 8, tzinfo=UTC)
    first = LearnedAnswer(AnswerId("a"), ADDRESS, AreaId("SC"), "Aygul", now)
    again = replace(first, id=AnswerId("b"), at=now + timedelta(minutes=1))
    assert same_again(again, [first]) == replace(again, id=first.id)
    assert same_again(again, []) == again
    for other in ({"operator": "Li"}, {"area": AreaId("KS")}, {"decides": True}, {"at": now + timedelta(days=1)}):
        assert same_again(replace(again, **other), [first]).id == "b"


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b'{"id": "a", "address": "x", "area": "KS", "operator": "Aygul", "at": "2026-11-26T08:00:00"}',
        b'{"id": "a", "address": "x", "area": "KS", "operator": "", "at": "2026-11-26T08:00:00Z"}',
        msgspec.json.encode(LearnedAnswer(AnswerId("a"), "x" * 1000, AreaId("KS"), "Aygul", datetime.now(UTC))),
    ],
)
async def test_what_is_no_answer_is_refused_at_the_door(hub: SmallHub, body: bytes) -> None:
    with pytest.raises(BadInput):
        await take_answer(body, hub.control.commits)
    assert not hub.store.learned.any_below("")
