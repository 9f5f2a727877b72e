"""An instant hub for the hall, by hand: it answers at once with the true chute, and of no-reads when a coder has.

It follows a policy's rules in plain Python and asks the live hub's own function whether a parcel goes round, so that
the planning model's kernels are held against something else.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field

from karez.domain.ids import ChuteId, OrderId, ParcelId
from karez.domain.sorting import ChuteState
from karez.domain.telegrams import Dest, Divert, DivertOutcome, Induct, Scan, State, Subject
from karez.hub.rereading import Rereading
from karez.simulation.hall import Hall
from karez.simulation.happenings import Asked, Happening, Photographed, Said
from karez.simulation.loop import Station
from karez.simulation.planning.of_hall import Known
from karez.simulation.planning.policy import AsksCoder, Policy
from karez.sorter.recirculation import Hope, LoopLoad, go_round


@dataclass
class Card:
    """What the hub knows of a parcel."""

    index: int
    carrier: int
    inducted_ms: int
    station: Station
    lap: int = 1
    known: bool = False
    given_up: bool = False
    asked: bool = False
    answered: bool = False
    between_scan_and_end: bool = False
    order: list[ChuteId] = field(default_factory=list)
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
    queue: list[ParcelId] = field(default_factory=list)
    at_work: dict[int, ParcelId] = field(default_factory=dict)
    answers: list[tuple[int, int, int]] = field(default_factory=list)
    rereading: Rereading = field(default_factory=Rereading)
    orders: int = 0
    held: bool = False

    def run(self) -> dict[int, Card]:
        """Run the hall to its end; what became of each parcel that came on, by its index."""
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
                    self.cards[told.parcel] = Card(-1, told.carrier, told.ts_ms, self._station(told))
                    self._hold_or_resume()
                case Photographed():
                    self._photographed(each)
                case Asked(telegram=told):
                    self._scanned(told)
                case Said(telegram=Divert() as told):
                    self._diverted(told)
                case Said(telegram=State(subject=Subject.CHUTE, state="open")) if self.policy.looks_at_chutes:
                    self._chute_opened()

    def _station(self, told: Induct) -> Station:
        number = int(told.induction.removeprefix("I")) - 1
        return self.hall.loop.stations[number // len(self.hall.loop.stations[0].inductions)]

    def _photographed(self, under: Photographed) -> None:
        card = self.cards[under.parcel]
        card.index, card.lap = under.index, under.lap
        if not card.known:
            card.known = 0 < self.truth[card.index].read_on_lap <= card.lap
            if card.lap > 1:
                self.rereading.pictured_again(card.known)
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
        card = self.cards[parcel]
        if not self.coders or card.known or card.asked:
            return
        card.asked = True
        self.queue.append(parcel)
        self._give_work()

    def _give_work(self) -> None:
        for coder in range(self.coders):
            while coder not in self.at_work and self.queue:
                parcel = self.queue.pop(0)
                if self._waits(parcel):
                    index = self.cards[parcel].index
                    self.at_work[coder] = parcel
                    heapq.heappush(self.answers, (self.hall.now_ms + self.truth[index].coding_ms, index, coder))

    def _waits(self, parcel: ParcelId) -> bool:
        card = self.cards[parcel]
        return card.asked and not (card.answered or card.known or card.left)

    def _answered(self, coder: int) -> None:
        parcel = self.at_work.pop(coder)
        card = self.cards[parcel]
        card.answered = True
        if not card.left and not card.known:
            card.known = self.truth[card.index].codable
            card.given_up = not card.known
            if self.policy.same_lap and card.between_scan_and_end:
                self._decide_anew(parcel)
        self._give_work()

    def _decide_anew(self, parcel: ParcelId) -> None:
        """As the live hub overrules an interim order: an open chute must lie ahead, and be another."""
        card = self.cards[parcel]
        open_ahead = [each for each in self._chutes(card, parcel) if self._open(each) and self._ahead(card, each)]
        if open_ahead and card.order[:1] != open_ahead[:1]:
            self._order(parcel)

    def _open(self, chute: ChuteId) -> bool:
        return self.hall.chutes[chute].state is ChuteState.OPEN

    def _chute_opened(self) -> None:
        waiting = [
            (card.carrier, parcel)
            for parcel, card in self.cards.items()
            if card.left is None and card.between_scan_and_end and card.known and not card.order
        ]
        for _, parcel in sorted(waiting):
            self._decide_anew(parcel)

    def _order(self, parcel: ParcelId) -> None:
        card = self.cards[parcel]
        card.order = chutes = self._chutes(card, parcel)
        self.orders += 1
        first, others = (chutes[0], tuple(chutes[1:])) if chutes else (None, ())
        self._react(self.hall.take(Dest(OrderId(f"o{self.orders}"), parcel, first, others, "plan")))

    def _chutes(self, card: Card, parcel: ParcelId) -> list[ChuteId]:
        if not card.known:
            return [] if self._goes_round_unread(card, parcel) else self._by_exception()
        chutes = list(self.truth[card.index].chutes)
        closed = [not self._open(name) for name in chutes]
        if self.policy.looks_at_chutes:
            if all(closed):
                return [] if self._goes_round(card, Hope.CHUTE) else self._by_exception()
            return sorted(chutes, key=lambda name: not self._open(name))
        return [*chutes, self.exception] if 0 < self.policy.max_laps <= card.lap else chutes

    def _by_exception(self) -> list[ChuteId]:
        """One that looks at chutes sends a parcel round where the exception chute takes nothing now."""
        return [self.exception] if not self.policy.looks_at_chutes or self._open(self.exception) else []

    def _goes_round_unread(self, card: Card, parcel: ParcelId) -> bool:
        if card.given_up:
            return False
        if self._waits(parcel) and self._goes_round(card, Hope.PERSON, self._before_it(parcel)):
            return True
        return self._goes_round(card, Hope.PICTURE)

    def _goes_round(self, card: Card, hope: Hope, ahead: int = 0) -> bool:
        """Ask the live hub's own function; where the policy knows no deadline, only the laps count."""
        policy, loop = self.policy, self.hall.loop
        if not policy.max_laps:
            return True
        if not policy.patience_percent:
            return card.lap < policy.max_laps
        load = LoopLoad(
            lap_ms=loop.lap_ms,
            carriers=loop.carriers,
            occupied=self.hall.occupied,
            crowded_share=policy.crowded_percent / 100,
            coders=self.coders,
            coding_ms=self.coding_expected_ms,
            reread_share=self.rereading.share,
        )
        return go_round(card.lap, policy.max_laps, hope, load, ahead).go_round

    def _before_it(self, parcel: ParcelId) -> int:
        if parcel in self.at_work.values():
            return 0
        return len(self.at_work) + sum(map(self._waits, self.queue[: self.queue.index(parcel)]))

    def _ahead(self, card: Card, chute: ChuteId) -> bool:
        loop, now_ms = self.hall.loop, self.hall.now_ms
        end_ms = loop.passes(card.carrier, card.station.end_mm, now_ms)
        return loop.passes(card.carrier, loop.chutes[chute], now_ms) < end_ms

    def _hold_or_resume(self) -> None:
        carriers, occupied = self.hall.loop.carriers, self.hall.occupied
        if not self.policy.hold_percent:
            return
        if not self.held and 100 * occupied >= carriers * self.policy.hold_percent:
            self._switch(held=True)
        elif self.held and 100 * occupied < carriers * self.policy.resume_percent:
            self._switch(held=False)

    def _switch(self, held: bool) -> None:
        self.held = held
        self.hall.take(State(Subject.INDUCTION, "*", "off" if held else "on", self.hall.now_ms))
