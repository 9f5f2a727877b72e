"""An instant hub for the hall, by hand: it answers at once with the true chute, and of no-reads when a coder has.

It follows a policy's rules in plain Python, so that the planning model's kernels are held against something else.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field

from karez.domain.ids import ChuteId, OrderId, ParcelId
from karez.domain.sorting import ChuteState
from karez.domain.telegrams import Dest, Divert, DivertOutcome, Induct, Scan, State, Subject
from karez.simulation.hall import Hall
from karez.simulation.happenings import Asked, Happening, Photographed, Said
from karez.simulation.planning.of_hall import Known
from karez.simulation.planning.policy import AsksCoder, Policy


@dataclass
class Card:
    """What the hub knows of a parcel."""

    index: int
    carrier: int
    inducted_ms: int
    lap: int = 1
    known: bool = False
    given_up: bool = False
    asked_ms: int | None = None
    expected_ms: int = 0
    between_scan_and_end: bool = False
    left: tuple[ChuteId, int, int] | None = None


@dataclass
class InstantHub:
    hall: Hall
    truth: Sequence[Known]
    policy: Policy
    exception: ChuteId
    coders: int = 1
    coding_expected_ms: int = 3_500
    cards: dict[ParcelId, Card] = field(default_factory=dict)
    free_ms: list[int] = field(default_factory=list)
    answers: list[tuple[int, int, ParcelId]] = field(default_factory=list)
    orders: int = 0
    held: bool = False

    def run(self) -> dict[int, Card]:
        """Run the hall to its end; what became of each parcel that came on, by its index."""
        self.free_ms = [0] * self.coders
        while not self.hall.finished and (self.hall.next_ms is not None or self.answers):
            due = self.hall.next_ms
            if self.answers and (due is None or self.answers[0][0] <= due):
                self.hall.pass_time(self.answers[0][0])
                self._answered(heapq.heappop(self.answers)[2])
            else:
                self._react(self.hall.step())
        return {card.index: card for card in self.cards.values()}

    def _react(self, happened: Sequence[Happening]) -> None:
        for each in list(happened):
            match each:
                case Said(telegram=Induct() as told):
                    self.cards[told.parcel] = Card(-1, told.carrier, told.ts_ms)
                    self._hold_or_resume()
                case Photographed():
                    self._photographed(each)
                case Asked(telegram=told):
                    self._scanned(told)
                case Said(telegram=Divert() as told):
                    self._diverted(told)

    def _photographed(self, under: Photographed) -> None:
        card = self.cards[under.parcel]
        card.index, card.lap = under.index, under.lap
        read_on = self.truth[card.index].read_on_lap
        if not card.given_up:
            card.known = card.known or 0 < read_on <= card.lap
        if self.policy.asks is AsksCoder.AT_CAMERA:
            self._ask(under.parcel)

    def _scanned(self, scan: Scan) -> None:
        self.cards[scan.parcel].between_scan_and_end = True
        self._order(scan.parcel)
        if self.policy.asks is AsksCoder.AT_SCAN:
            self._ask(scan.parcel)

    def _diverted(self, told: Divert) -> None:
        card = self.cards[told.parcel]
        if told.outcome is DivertOutcome.OK:
            assert told.chute is not None
            card.left = (told.chute, card.lap, told.ts_ms)
            self._hold_or_resume()
        else:
            card.between_scan_and_end = False
            card.lap += 1
            if self.policy.asks is AsksCoder.AFTER_LAP:
                self._ask(told.parcel)

    def _ask(self, parcel: ParcelId) -> None:
        card, now_ms = self.cards[parcel], self.hall.now_ms
        if not self.coders or card.known or card.given_up or card.asked_ms is not None:
            return
        turns = len(self.answers) // self.coders + 1
        expected_ms = now_ms + turns * self.coding_expected_ms
        if not self._helps(card, expected_ms):
            return
        card.asked_ms, card.expected_ms = now_ms, expected_ms
        coder = self.free_ms.index(min(self.free_ms))
        self.free_ms[coder] = max(self.free_ms[coder], now_ms) + self.truth[card.index].coding_ms
        heapq.heappush(self.answers, (self.free_ms[coder], card.index, parcel))

    def _answered(self, parcel: ParcelId) -> None:
        card = self.cards[parcel]
        if card.left or card.known:
            return
        card.known = self.truth[card.index].codable
        card.given_up = not card.known
        if self.policy.same_lap and card.between_scan_and_end:
            ahead = any(self._ahead(card, chute) for chute in self.truth[card.index].chutes)
            if card.given_up or ahead or not self._spent(card):
                self._order(parcel)

    def _order(self, parcel: ParcelId) -> None:
        card = self.cards[parcel]
        chutes: list[ChuteId] = []
        if card.known:
            chutes = list(self.truth[card.index].chutes)
            if self.policy.open_first:
                chutes.sort(key=lambda name: self.hall.chutes[name].state is not ChuteState.OPEN)
            if self._spent(card):
                chutes.append(self.exception)
        elif card.given_up or self._spent(card) or not self._may_circle(card):
            chutes = [self.exception]
        self.orders += 1
        first, others = (chutes[0], tuple(chutes[1:])) if chutes else (None, ())
        self._react(self.hall.take(Dest(OrderId(f"o{self.orders}"), parcel, first, others, "plan")))

    def _spent(self, card: Card) -> bool:
        return self.policy.max_laps > 0 and card.lap >= self.policy.max_laps

    def _may_circle(self, card: Card) -> bool:
        if self.policy.patience_percent is None:
            return True
        room = self.hall.occupied <= self.hall.loop.carriers * self.policy.circle_percent // 100
        waits = card.asked_ms is not None
        return waits and room and self._helps(card, max(card.expected_ms, self.hall.now_ms))

    def _helps(self, card: Card, expected_ms: int) -> bool:
        if self.policy.patience_percent is None:
            return True
        loop = self.hall.loop
        end_ms = loop.passes(card.carrier, loop.end_mm, self.hall.now_ms)
        return expected_ms <= end_ms + loop.lap_ms * self.policy.patience_percent // 100

    def _ahead(self, card: Card, chute: ChuteId) -> bool:
        loop, now_ms = self.hall.loop, self.hall.now_ms
        end_ms = loop.passes(card.carrier, loop.end_mm, now_ms)
        return loop.passes(card.carrier, loop.chutes[chute], now_ms) < end_ms

    def _hold_or_resume(self) -> None:
        carriers, occupied = self.hall.loop.carriers, self.hall.occupied
        if not self.policy.hold_percent:
            return
        if not self.held and occupied >= carriers * self.policy.hold_percent // 100:
            self._switch(held=True)
        elif self.held and occupied <= carriers * self.policy.resume_percent // 100:
            self._switch(held=False)

    def _switch(self, held: bool) -> None:
        self.held = held
        self.hall.take(State(Subject.INDUCTION, "*", "off" if held else "on", self.hall.now_ms))
