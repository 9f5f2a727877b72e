"""Learning from hands: an operator's answer, or its undoing, on its way to the one writer of the store."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from karez.address.normalise import LONGEST
from karez.domain.coding import operator_name
from karez.domain.errors import BadInput, StoreTaken
from karez.domain.events import LEARNING_STREAM, AddressLearned, AddressUnlearned
from karez.domain.ids import AnswerId
from karez.domain.learned import LearnedAnswer
from karez.eventstore.append import Append, Entry
from karez.eventstore.store import EventStore, utc_now
from karez.hub.commits import Commits
from karez.hub.doorway import Doorway

_ANSWER = msgspec.json.Decoder(LearnedAnswer)
_REPEATED_WITHIN = timedelta(days=1)


def learned(answer: LearnedAnswer) -> Append:
    """Transaction that remembers an answer: the event without the address, the address in its erasable table."""
    event = AddressLearned(answer.id, answer.area, answer.operator, answer.decides)
    return Append([Entry(LEARNING_STREAM, [event])], learned=[answer])


def unlearned(id: AnswerId, operator: str) -> Append:
    """Transaction that takes an answer out again, as if it had never been given."""
    return Append([Entry(LEARNING_STREAM, [AddressUnlearned(id, operator)])], unlearned=[id])


def same_again(answer: LearnedAnswer, before: Iterable[LearnedAnswer]) -> LearnedAnswer:
    """Return an answer under the id of the one that it repeats, which it then replaces instead of counting twice.

    A command whose reply was lost is tried again; who says the same once more within a day says no more.

    Parameters
    ----------
    before
        What is stored about the address.
    """
    for each in before:
        repeats = replace(answer, id=each.id, at=each.at) == each
        if repeats and abs(answer.at - each.at) < _REPEATED_WITHIN:
            return replace(answer, id=each.id)
    return answer


async def take_answer(body: bytes, commits: Commits, now: Callable[[], datetime] = utc_now) -> dict[str, Any]:
    """Answer a ``learn`` message at the control process's door, once the answer is durable."""
    await commits.stored(learned(_checked(body, now())))
    return {"answer": "stored"}


def _checked(body: bytes, now: datetime) -> LearnedAnswer:
    """Refuse here what the store could not keep: there it would end the hub. Nothing was answered later than now."""
    try:
        answer = _ANSWER.decode(body)
    except msgspec.MsgspecError as error:
        raise BadInput(f"is no answer: {error}", "control socket") from error
    if answer.at.tzinfo is None or operator_name(answer.operator) is None or len(answer.address) > LONGEST:
        raise BadInput("has no time zone, no operator, or too long an address", "control socket")
    return replace(answer, at=min(answer.at, now))


async def take_undoing(head: dict[str, Any], commits: Commits, store: EventStore) -> dict[str, Any]:
    """Answer an ``unlearn`` message: ``unknown`` where there is no such answer (any more)."""
    id = AnswerId(str(head["id"]))
    if store.learned.get(id) is None:
        return {"answer": "unknown"}
    await commits.stored(unlearned(id, str(head["operator"])))
    return {"answer": "stored"}


class LearningDesk:
    """Where commands hand in answers: the running hub, or the store itself while no hub runs; one writer either way.

    Parameters
    ----------
    store_url
        The hub's event store; it is made where there is none yet.
    """

    def __init__(self, doorway: Doorway, store_url: str) -> None:
        self._doorway, self._store_url = doorway, store_url

    def learn(self, answer: LearnedAnswer) -> None:
        """Have an answer remembered; it is durable when this returns."""
        if not asyncio.run(self._doorway.learn(answer)):
            with self._alone() as store:
                store.submit(learned(answer)).result()

    def unlearn(self, id: AnswerId, operator: str) -> bool:
        """Have an answer undone; ``False`` where there is no such answer."""
        done = asyncio.run(self._doorway.unlearn(id, operator))
        if done is not None:
            return done
        with self._alone() as store:
            known = store.learned.get(id) is not None
            if known:
                store.submit(unlearned(id, operator)).result()
            return known

    @contextmanager
    def _alone(self) -> Iterator[EventStore]:
        """Be the one writer for a moment.

        Raises
        ------
        BadInput
            While a hub has the store open, but does not answer.
        """
        try:
            store = EventStore.open_writing(self._store_url)
        except StoreTaken as error:
            said = "a hub is starting or stands still: it does not answer"
            raise BadInput(said, self._store_url, "try again soon") from error
        try:
            yield store
        finally:
            store.close()
