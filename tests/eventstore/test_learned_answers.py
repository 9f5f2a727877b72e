"""What operators taught is stored with its event, found by address, undone, and erased by age."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from karez.domain import events as ev
from karez.domain.errors import WrongVersion
from karez.domain.ids import AnswerId, AreaId, StreamId
from karez.domain.learned import LearnedAnswer
from karez.eventstore.append import Append, Entry
from karez.eventstore.database import connect, upgrade
from karez.eventstore.store import EventStore

NOW = datetime(2026, 11, 26, 8, 0, 0, 123456, tzinfo=UTC)
FIRST = LearnedAnswer(AnswerId("a1"), "喀什地区喀什市色满路112号", AreaId("KS-03"), "Aygul", NOW)
SECOND = replace(FIRST, id=AnswerId("a2"), operator="Li", at=NOW + timedelta(seconds=1), decides=True)
OTHER = replace(FIRST, id=AnswerId("a3"), address="喀什地区喀什市色满路114号", at=NOW - timedelta(days=500))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EventStore]:
    store = EventStore.open_writing(f"sqlite:///{tmp_path / 'karez.db'}")
    yield store
    store.close()


def test_answers_come_back_by_address_oldest_first_exactly_as_they_were(store: EventStore) -> None:
    assert not store.learned.any_below("")
    store.submit(Append(learned=[SECOND, OTHER, FIRST])).result()
    assert store.learned.any_below("")
    assert store.learned.of(FIRST.address) == [FIRST, SECOND]
    assert store.learned.of("elsewhere") == []
    assert store.learned.any_below("喀什地区喀什市") and not store.learned.any_below("喀什地区莎车县")
    assert not store.learned.any_below("喀什地区%") and not store.learned.any_below("喀什地区_什市")
    assert store.learned.get(OTHER.id) == OTHER
    assert len(store.learned.all()) == 3


def test_an_answer_handed_in_twice_is_stored_once(store: EventStore) -> None:
    for _ in range(2):
        store.submit(Append(learned=[FIRST])).result()
    assert store.learned.all() == [FIRST]


def test_an_undone_answer_leaves_the_others_as_they_were(store: EventStore) -> None:
    store.submit(Append(learned=[FIRST, OTHER])).result()
    before = store.learned.all()
    store.submit(Append(learned=[SECOND])).result()
    store.submit(Append(unlearned=[SECOND.id])).result()
    assert store.learned.all() == before
    store.submit(Append(unlearned=[SECOND.id])).result()
    assert store.learned.all() == before, "undone twice is undone once"


def test_an_answer_is_stored_with_its_event_or_not_at_all(store: EventStore) -> None:
    learned = ev.AddressLearned(FIRST.id, FIRST.area, FIRST.operator)
    with pytest.raises(WrongVersion):
        store.submit(Append([Entry(StreamId("learning"), [learned], 7)], learned=[FIRST])).result()
    assert not store.learned.any_below("") and store.last_position() == 0


def test_old_answers_are_erased_and_their_events_stay(store: EventStore) -> None:
    learned = ev.AddressLearned(OTHER.id, OTHER.area, OTHER.operator)
    store.submit(Append([Entry(StreamId("learning"), [learned])], learned=[FIRST, OTHER])).result()
    assert store.forget_learned(NOW - timedelta(days=400)) == 1
    assert store.learned.all() == [FIRST]
    assert store.last_position() == 1


def test_a_store_of_an_older_version_gets_the_table_when_it_is_opened(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'karez.db'}"
    engine = connect(url)
    upgrade(engine, NOW, to="0002")
    engine.dispose()
    store = EventStore.open_writing(url)
    store.submit(Append(learned=[FIRST])).result()
    assert store.learned.all() == [FIRST]
    store.close()
