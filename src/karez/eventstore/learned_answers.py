"""Answers of coding operators beside the events: one row each, erasable, found by address."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select

from karez.domain.ids import AnswerId, AreaId
from karez.domain.learned import LearnedAnswer
from karez.eventstore.codec import microseconds, moment
from karez.eventstore.database import begins, fetch
from karez.eventstore.schema import learned


def change(connection: Connection, added: Sequence[LearnedAnswer], undone: Sequence[AnswerId]) -> None:
    """Store and take out answers, in the transaction that stores their events; an id that comes again replaces."""
    gone = [*undone, *(each.id for each in added)]
    if gone:
        connection.execute(delete(learned).where(learned.c.id.in_(gone)))
    if added:
        connection.execute(insert(learned), [_values(each) for each in added])


def _values(answer: LearnedAnswer) -> dict[str, Any]:
    return {
        "id": answer.id,
        "address": answer.address,
        "area": answer.area,
        "operator": answer.operator,
        "at_us": microseconds(answer.at),
        "decides": answer.decides,
    }


def _answer(row: Any) -> LearnedAnswer:
    return LearnedAnswer(
        AnswerId(row.id), row.address, AreaId(row.area), row.operator, moment(row.at_us), bool(row.decides)
    )


class LearnedAnswers:
    """Reading side; safe to use from any process, and as new as the last commit."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def any_below(self, above: str) -> bool:
        """Whether there are any to addresses that begin so; to any address, for an empty beginning."""
        below = begins(learned.c.address, above, self._engine.dialect)
        return bool(fetch(self._engine, select(learned.c.id).where(below).limit(1)))

    def of(self, address: str) -> Sequence[LearnedAnswer]:
        """Answers to one address, oldest first."""
        return self._find(learned.c.address == address)

    def get(self, id: AnswerId) -> LearnedAnswer | None:
        """The answer of that id."""
        return next(iter(self._find(learned.c.id == id)), None)

    def all(self) -> Sequence[LearnedAnswer]:
        """Every answer, by address, oldest first."""
        return self._find()

    def _find(self, *conditions: Any) -> list[LearnedAnswer]:
        query = select(learned).where(*conditions).order_by(learned.c.address, learned.c.at_us, learned.c.id)
        return [_answer(row) for row in fetch(self._engine, query)]
