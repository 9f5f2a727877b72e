"""Two ends over one block: whatever the order of reading and writing, nothing is lost, doubled or reordered."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from karez.domain.ids import ChuteId, OrderId, ParcelId
from karez.domain.telegrams import Dest, Divert, Induct, Scan, State, Telegram
from karez.sorter.plc.mailbox.end import End, Identity
from karez.sorter.plc.mailbox.header import Header, decode_header, encode_header
from karez.sorter.plc.mailbox.layout import HEADER_BYTES, SLOT_BYTES, Block
from karez.sorter.plc.protocol import Linked, LinkEvent, Rejected, Resume, Unlinked
from karez.sorter.plc.sequence import Inbox

BLOCK = Block(4)
HEARTBEAT_MS = 100


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class Seat:
    """An end, what it was given, and the block it shares."""

    def __init__(self, side, session, run, memory: bytearray, clock: Clock, resume: Resume | None = None) -> None:
        takes: set[type[Telegram]] = {Induct, Scan, Divert, State} if side == "wcs" else {Dest, State}
        self.got: list[Telegram] = []
        self.open: list[tuple[Inbox, int, Telegram]] = []
        self.events: list[LinkEvent] = []
        self.memory, self.other = memory, "wcs" if side == "plc" else "plc"
        self.end = End(
            Identity(side, session, run, frozenset(takes)),
            BLOCK,
            HEARTBEAT_MS,
            self._arrived,
            self.events.append,
            resume,
            clock,
        )

    def _arrived(self, telegram: Telegram, number: int, inbox: Inbox) -> None:
        self.got.append(telegram)
        self.open.append((inbox, number, telegram))

    def look(self) -> None:
        at = BLOCK.header_at(self.other)
        self.end.see(bytes(self.memory[at : at + HEADER_BYTES]))
        for number in self.end.wanted():
            at = BLOCK.slot_at(self.other, number)
            if not self.end.take(number, bytes(self.memory[at : at + SLOT_BYTES])):
                return

    def post(self, slots: int = 99, bytes_of_last: int = SLOT_BYTES, header: bool = True) -> None:
        due = list(self.end.due())[:slots]
        for number, raw in due:
            whole = number != due[-1][0] or bytes_of_last == SLOT_BYTES
            part = raw if whole else raw[:bytes_of_last]
            at = BLOCK.slot_at(self.end.identity.side, number)
            self.memory[at : at + len(part)] = part
            if whole:
                self.end.wrote(number)
        if header:
            raw = self.end.header()
            at = BLOCK.header_at(self.end.identity.side)
            self.memory[at : at + len(raw)] = raw

    def commit(self) -> list[Telegram]:
        done, self.open = self.open, []
        for inbox, number, _ in done:
            inbox.acknowledge(number)
        return [telegram for _, _, telegram in done]

    def told(self, kind: type) -> list[LinkEvent]:
        return [event for event in self.events if isinstance(event, kind)]


def pair(clock: Clock) -> tuple[Seat, Seat]:
    memory = bytearray(BLOCK.size_bytes)
    hub, plc = Seat("wcs", "hub-1", 11, memory, clock), Seat("plc", "plc-1", 22, memory, clock)
    for _ in range(3):
        plc.look(), plc.post(), hub.look(), hub.post()
    assert hub.end.linked and plc.end.linked
    return hub, plc


def induct(number: int) -> Induct:
    return Induct(ParcelId(f"p{number}"), number, "I1", number)


def order(number: int) -> Dest:
    return Dest(OrderId(f"o{number}"), ParcelId(f"p{number}"), ChuteId("K01"), (), "plan", 5_000)


def settle(hub: Seat, plc: Seat, commit) -> None:
    for _ in range(200):
        plc.look(), plc.post(), hub.look(), commit(), hub.post(), plc.commit()


steps = st.lists(
    st.one_of(
        st.sampled_from(
            ["plc sends", "hub orders", "plc looks", "hub looks", "hub commits", "hub killed", "link lost"]
        ),
        st.tuples(st.just("hub posts"), st.integers(0, 4)),
        st.tuples(st.just("plc posts"), st.integers(0, 4), st.integers(0, SLOT_BYTES)),
    ),
    max_size=60,
)


@given(steps)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_the_order_of_steps_each_telegram_is_committed_once_and_in_order(taken) -> None:
    clock = Clock()
    hub, plc = pair(clock)
    sent, ordered, committed, kills = 0, 0, [], 0

    def commit() -> None:
        committed.extend(hub.commit())

    for step in taken:
        clock.now_s += 0.001
        name, *how = (step,) if isinstance(step, str) else step
        if name == "plc sends":
            sent += 1
            plc.end.send(induct(sent))
        elif name == "hub orders":
            ordered += 1
            hub.end.send(order(ordered))
        elif name == "plc looks":
            plc.look()
            plc.commit()
        elif name == "hub looks":
            hub.look()
        elif name == "hub commits":
            commit()
        elif name == "hub posts":
            hub.post(how[0])
        elif name == "plc posts":  # the last slot only in part: its header has not told of it yet
            plc.post(how[0], how[1])
        elif name == "link lost":
            hub.end.lost("cut")
        else:  # killed: the orders not yet acknowledged are sent again by the new run, under their ids
            kills += 1
            open_orders = [telegram for _, telegram in hub.end.outbox.after(0)]
            resume = ("plc-1", len(committed)) if committed else None
            hub = Seat("wcs", f"hub-{kills + 1}", 11 + kills, hub.memory, clock, resume)
            for telegram in open_orders:
                hub.end.send(telegram)
    settle(hub, plc, commit)
    assert committed == [induct(number) for number in range(1, sent + 1)]
    assert list(dict.fromkeys(plc.got)) == [order(number) for number in range(1, ordered + 1)]
    assert len(plc.end.outbox) == len(hub.end.outbox) == 0
    assert not hub.told(Rejected) and not plc.told(Rejected)


def test_a_half_written_slot_that_the_header_tells_of_too_early_is_read_again() -> None:
    clock = Clock()
    hub, plc = pair(clock)
    plc.end.send(induct(1))
    (number, raw), *_ = plc.end.due()
    at = BLOCK.slot_at("plc", number)
    plc.memory[at : at + 60] = raw[:60]
    plc.end.wrote(number)
    plc.post()
    hub.look()
    assert hub.got == []
    plc.memory[at : at + SLOT_BYTES] = raw
    hub.look()
    assert hub.got == [induct(1)] and not hub.told(Rejected)


def test_a_slot_that_never_becomes_whole_is_given_up_after_a_while_and_told() -> None:
    clock = Clock()
    hub, plc = pair(clock)
    for number in (1, 2):
        plc.end.send(induct(number))
    plc.post()
    plc.memory[BLOCK.slot_at("plc", 1) + 50] ^= 1
    for _ in range(6):
        hub.look()
        clock.now_s += 0.2
        plc.post()
    assert hub.got == [induct(2)]
    (told,) = hub.told(Rejected)
    assert isinstance(told, Rejected) and "never was whole" in told.reason


def test_a_heartbeat_that_stands_still_ends_the_link_and_one_that_moves_brings_it_back() -> None:
    clock = Clock()
    hub, plc = pair(clock)
    for _ in range(8):
        assert hub.end.linked
        clock.now_s += 0.04
        hub.look()
        hub.end.check_silence("")
    (gone,) = hub.told(Unlinked)
    assert isinstance(gone, Unlinked) and "no new heartbeat for 320 ms" in gone.reason
    hub.look()
    assert not hub.end.linked
    plc.post()
    hub.look()
    assert hub.end.linked and len(hub.told(Linked)) == 2


def test_a_time_in_which_the_hub_itself_did_not_look_is_not_taken_for_silence() -> None:
    clock = Clock()
    hub, _ = pair(clock)
    clock.now_s += 5
    hub.look()
    hub.end.check_silence("")
    assert hub.end.linked


def test_a_plc_that_stopped_long_ago_is_not_taken_for_one_that_is_there() -> None:
    clock = Clock()
    memory = bytearray(BLOCK.size_bytes)
    memory[:HEADER_BYTES] = encode_header(Header(5, "old", 0, 0, 1, 3, 77, 4), "high_first")
    hub = Seat("wcs", "hub-1", 11, memory, clock)
    for _ in range(5):
        hub.look()
    assert not hub.end.linked and hub.events == []


def test_of_two_plcs_that_write_into_one_block_the_newest_is_heard_and_the_other_is_told() -> None:
    clock = Clock()
    hub, plc = pair(clock)
    other = Seat("plc", "plc-2", 33, plc.memory, clock)
    for _ in range(3):
        other.post(), hub.look(), plc.post(), hub.look()
    gone, again = hub.told(Unlinked), hub.told(Linked)
    assert len(gone) == 1 and isinstance(gone[0], Unlinked) and "replaced by session 'plc-2'" in gone[0].reason
    assert isinstance(again[-1], Linked) and again[-1].session == "plc-2"
    assert all(isinstance(each, Rejected) and "beside" in each.reason for each in hub.told(Rejected))


def test_headers_that_cannot_be_are_told_and_change_nothing() -> None:
    clock = Clock()
    hub, plc = pair(clock)
    good = decode_header(bytes(plc.memory[:HEADER_BYTES]), "high_first")
    assert isinstance(good, Header)
    for bad, why in (
        (Header(22, "plc-1", 11, 0, 1, 5, 9, 4), "cannot stand in 4 slots"),
        (Header(22, "plc-1", 11, 0, 0, 0, 9, 4), "cannot stand in 4 slots"),
        (Header(22, "plc-1", 11, 7, 1, 0, 9, 4), "acknowledges 7"),
        (Header(22, "plc-1", 11, 0, 1, 0, 9, 8), "8 slots, ours 4"),
        (Header(22, "plc-1", 11, 0, 2**32 - 1, 2**32 - 2, 9, 4), "4294967294 telegrams are gone"),
    ):
        assert hub.end.see(encode_header(bad, "high_first"))
        told = hub.told(Rejected)
        assert isinstance(told[-1], Rejected) and why in told[-1].reason
    assert hub.end.linked and hub.got == []
