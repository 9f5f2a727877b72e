"""Answers of coding operators beside the events: one row each, erasable, found by address."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, select

from karez.domain.ids import AnswerId, AreaId
from karez.domain.learned import LearnedAnswer
from karez.eventstore.append import Append
from karez.eventstore.codec import microseconds, moment
from karez.eventstore.database import begins, fetch
from karez.eventstore.schema import learned


def changed(appends: Sequence[Append]) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Rows to put, and keys of rows to take out; an id that comes again replaces."""
    last: dict[AnswerId, LearnedAnswer | None] = {}
    for append in appends:
        last.update(dict.fromkeys(append.unlearned))
        last.update((each.id, each) for each in append.learned)
    put = [_values(each) for each in last.values() if each is not None]
    return put, [(id,) for id, each in last.items() if each is None]


def _values(answer: LearnedAnswer) -> tuple[object, ...]:
    at_us = microseconds(answer.at)
    return answer.id, answer.address, answer.area, answer.operator, at_us, answer.decides


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
