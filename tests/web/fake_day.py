"""A day of one small hub as events, and stand-ins for store, index, pictures and control that serve them."""

import io
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image, ImageDraw

from karez.domain import events as ev
from karez.domain.frames import Frame
from karez.domain.ids import AreaId, ChuteId, OrderId, ParcelId, PictureId, StreamId
from karez.eventstore.parcel_row import ParcelRow, after
from karez.hub.doorway import AdviceReport, FrameAnswer
from karez.web.doors import ChuteView, InductionView, PlanView

LAP_S = 20.0
AREAS = {
    "KS-01": ("Old Town East", "古城东 恰萨·亚瓦格", ""),
    "KS-02": ("Old Town West", "古城西", ""),
    "KS-03": ("Xiyu Avenue", "西域大道", ""),
    "KS-04": ("East Lake", "东湖", ""),
    "KS-05": ("Yingbin Avenue", "迎宾大道", ""),
    "KS-06": ("West Park", "西公园", ""),
    "SF-01": ("Shufu", "疏附县", "قوناشەھەر"),
    "SL-01": ("Shule", "疏勒县", "يېڭىشەھەر"),
    "YJ-01": ("Yengisar", "英吉沙县", "يېڭىسار"),
    "SC-01": ("Yarkand", "莎车县", "يەكەن"),
    "ZP-01": ("Poskam", "泽普县", "پوسكام"),
    "YC-01": ("Kargilik", "叶城县", "قاغىلىق"),
    "MG-01": ("Makit", "麦盖提县", "مەكىت"),
    "YP-01": ("Yopurga", "岳普湖县", "يوپۇرغا"),
    "JS-01": ("Payzawat", "伽师县", "پەيزىۋات"),
    "BC-01": ("Maralbexi", "巴楚县", "مارالبېشى"),
    "TX-01": ("Taxkorgan", "塔什库尔干县", "تاشقورغان"),
    "AT-01": ("Artux", "阿图什市", "ئاتۇش"),
    "HT-01": ("Hotan", "和田", "خوتەن"),
    "AK-01": ("Aksu", "阿克苏", "ئاقسۇ"),
    "UR-01": ("Urumqi", "乌鲁木齐", "ئۈرۈمچى"),
    "XJ-01": ("Rest of Xinjiang", "疆内其他", ""),
    "CN-01": ("Other provinces", "疆外", ""),
}
EXCEPTION = ChuteId("K40")
FULL = ChuteId("K07")
CLOSED = ChuteId("K23")


def plan_view(chutes: int = 40) -> PlanView:
    """A hall of so many chutes; areas in turn, the last chute for exceptions."""
    areas = list(AREAS)
    views = []
    for number in range(chutes):
        chute = ChuteId(f"K{number + 1:02d}")
        position = round(0.06 + 0.78 * (number + 0.5) / chutes, 4)
        if number == chutes - 1:
            names = {"en": "Exceptions", "zh": "异常", "ug": "نورمالسىز"}
            views.append(ChuteView(chute, names, "exception", position))
        else:
            en, zh, ug = AREAS[areas[number % len(areas)]]
            views.append(ChuteView(chute, {"en": en, "zh": zh, "ug": ug}, "sort", position))
    names_of = {AreaId(area): {"en": en, "zh": zh, "ug": ug} for area, (en, zh, ug) in AREAS.items()}
    return PlanView(
        "Kashi, day wave", views, (InductionView("I1", 0.9), InductionView("I2", 0.95)), views[-1].id, names_of
    )


@dataclass(frozen=True)
class Moment:
    """An event of the day, seconds after its beginning."""

    second: float
    event: ev.Event


def label_picture(waybill: str) -> bytes:
    """A JPEG that looks a little like a label."""
    picture = Image.new("RGB", (640, 480), "#8a8f94")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((110, 60, 530, 420), fill="#f6f4ef")
    rng = Random(waybill)
    x = 150
    while x < 490:
        width = rng.choice((2, 2, 3, 5))
        draw.rectangle((x, 150, x + width, 220), fill="#101010")
        x += width + rng.choice((2, 3, 5))
    draw.text((150, 90), "902A M088-00 29", fill="#101010", font_size=34)
    draw.text((190, 226), waybill, fill="#101010", font_size=26)
    for line in range(3):
        draw.rectangle((150, 290 + 34 * line, 470 - 60 * line, 306 + 34 * line), fill="#404040")
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=80)
    return data.getvalue()


PICTURE = label_picture("YT7548213907716")
PICTURE_ID = Frame(PICTURE).picture
_WAYBILL_BOX = ((150, 150), (490, 150), (490, 220), (150, 220))
_SORT_BOX = ((150, 88), (420, 88), (420, 126), (150, 126))
_ADDRESS_BOX = ((150, 288), (470, 288), (470, 376), (150, 376))
SEEN = (
    ev.Seen("waybill", _WAYBILL_BOX, "Code128", 1.0),
    ev.Seen("sort_code", _SORT_BOX, "902A M088-00 29", 0.97),
    ev.Seen("address", _ADDRESS_BOX, "Hans", 0.93),
)


def parcel_id(number: int) -> ParcelId:
    return ParcelId(f"p{number:06d}")


def waybill(number: int) -> str:
    return f"YT75482{number:08d}"


class Day:
    """Writes the day's events; parcel by parcel, then in the order of time."""

    def __init__(self, parcels: int, per_hour: float, seed: int, plan: PlanView) -> None:
        self._rng = Random(seed)
        self._plan = plan
        self.moments: list[Moment] = []
        self._orders = 0
        self._hall(parcels * 3600 / per_hour)
        for number in range(parcels):
            self._parcel(number, 1.0 + number * 3600 / per_hour)
        self.moments.sort(key=lambda each: each.second)

    def _add(self, second: float, event: ev.Event) -> None:
        self.moments.append(Moment(second, event))

    def _hall(self, span_s: float) -> None:
        self._add(0.0, ev.HubStarted("Kashi", "0.1.0", 0, True))
        self._add(0.1, ev.PlanActivated(self._plan.name, "ab" * 32, len(self._plan.chutes), 52))
        self._add(0.2, ev.SorterConnected("127.0.0.1:50412", "s1", 0))
        self._add(0.3, ev.SorterChanged("sorter", "loop", "running", 3000, 300))
        for induction in self._plan.inductions:
            self._add(0.4, ev.SorterChanged("induction", induction.name, "on", None, 400))
        self._add(span_s * 0.45, ev.ChuteChanged(CLOSED, "closed", None, 0))
        self._add(span_s * 0.5, ev.ChuteChanged(FULL, "full", 100, 0))
        self._add(span_s * 0.5 + 0.1, ev.AlarmRaised("chute.full", FULL, 3, f"Chute {FULL} is full."))

    def _parcel(self, number: int, second: float) -> None:
        parcel, carrier = parcel_id(number), number % 120
        induction = self._plan.inductions[number % len(self._plan.inductions)]
        self._add(second, ev.ParcelInducted(parcel, carrier, induction.name, int(second * 1000)))
        scan = second + (1.0 - (induction.position or 0.9)) * LAP_S
        luck = self._rng.random()
        if luck < 0.02:
            self._unreadable(parcel, carrier, scan)
            return
        area = self._rng.choice(list(AREAS))
        chute = self._rng.choice([view for view in self._plan.chutes[:-1] if view.names["en"] == AREAS[area][0]])
        self._read(parcel, number, carrier, scan, area)
        laps = 2 if luck > 0.95 else 1
        for lap in range(1, laps + 1):
            there = scan + (lap - 1) * LAP_S + (chute.position or 0.5) * LAP_S
            if lap > 1:
                self._add(scan + (lap - 1) * LAP_S, ev.ParcelScanned(parcel, carrier, lap, 0, (waybill(number),)))
            self._order(parcel, scan + (lap - 1) * LAP_S + 0.3, lap, chute.id, "plan", chute.names["en"])
            if lap < laps:
                self._add(there, ev.ParcelRecirculated(parcel, lap, "full", chute.id, 0))
        self._add(there, ev.ParcelDiverted(parcel, chute.id, int(there * 1000)))
        fallen = sum(1 for each in self.moments if getattr(each.event, "chute", None) == chute.id)
        fill = (int(chute.id[1:]) * 17 + fallen * 2) % 93
        if chute.id not in (FULL, CLOSED):
            self._add(there + 0.01, ev.ChuteChanged(chute.id, "open", fill, 0))

    def _read(self, parcel: ParcelId, number: int, carrier: int, scan: float, area: str) -> None:
        number_read = waybill(number)
        self._add(scan, ev.ParcelScanned(parcel, carrier, 1, int(scan * 1000), (number_read,), 840, 300, 200, 90))
        self._add(
            scan + 0.2,
            ev.ParcelRead(
                parcel,
                number_read,
                "yto",
                "902A M088-00 29",
                True,
                0.99,
                "code",
                "Code128",
                PICTURE_ID,
                "C1",
                41.5,
                SEEN,
            ),
        )
        zh = AREAS[area][1]
        explanation = "The sort code 902A stands in the hub's table."
        self._add(
            scan + 0.21,
            ev.ParcelResolved(
                parcel, AreaId(area), "653101", zh.split()[0], None, "新疆维吾尔自治区", "喀什地区", 0.98, "sort_code",
                explanation,
            ),
        )  # fmt: skip

    def _unreadable(self, parcel: ParcelId, carrier: int, scan: float) -> None:
        for lap in (1, 2):
            at = scan + (lap - 1) * LAP_S
            self._add(at, ev.ParcelScanned(parcel, carrier, lap, int(at * 1000)))
            explanation = "Neither a code nor text was found in the picture."
            self._add(at + 0.3, ev.ParcelNotRead(parcel, "no_label", explanation, PICTURE_ID, "C1", 66.0))
            if lap == 1:
                self._order(parcel, at + 0.31, lap, None, "not_read", "")
                self._add(at + 0.9 * LAP_S, ev.ParcelRecirculated(parcel, lap, "recirculated", None, 0))
        self._order(parcel, at + 0.31, 2, EXCEPTION, "not_read", "")
        self._add(at + 0.85 * LAP_S, ev.ParcelExcepted(parcel, EXCEPTION, "not_read", 0))

    def _order(self, parcel: ParcelId, at: float, lap: int, chute: ChuteId | None, reason: str, name: str) -> None:
        self._orders += 1
        explanation = f"The plan's row for {name} names chute {chute}." if chute else "It goes round once more."
        self._add(at, ev.ParcelAssigned(parcel, lap, chute, (), reason, explanation, "row 12"))
        self._add(at + 0.01, ev.DivertOrdered(parcel, OrderId(f"o{self._orders}"), lap, chute, (), reason, 4000))


def stream_of(event: ev.Event) -> StreamId:
    parcel = getattr(event, "parcel", None)
    return ev.parcel_stream(parcel) if parcel else ev.HUB_STREAM


@dataclass
class FakeStore:
    """An event store in memory."""

    recorded: list[ev.Recorded] = field(default_factory=list)
    texts: dict[ParcelId, Any] = field(default_factory=dict)
    fault: Exception | None = None

    def append(self, event: ev.Event, at: datetime) -> None:
        stream = stream_of(event)
        version = 1 + sum(1 for each in self.recorded[-400:] if each.stream == stream)
        self.recorded.append(ev.Recorded(len(self.recorded) + 1, stream, version, at, event))

    def read(self, after: int = 0, limit: int = 1000) -> Sequence[ev.Recorded]:
        if self.fault:
            raise self.fault
        return self.recorded[after : after + limit]

    def read_stream(self, stream: StreamId) -> Sequence[ev.Recorded]:
        return [each for each in self.recorded if each.stream == stream]

    def last_position(self) -> int:
        if self.fault:
            raise self.fault
        return len(self.recorded)

    def personal(self, parcel: ParcelId) -> Any:
        return self.texts.get(parcel)


@dataclass
class FakeParcels:
    """The parcel index, computed anew from the store's events by the index's own rule."""

    store: FakeStore

    def _rows(self) -> dict[str, ParcelRow]:
        rows: dict[str, ParcelRow] = {}
        for recorded in list(self.store.recorded):
            parcel = getattr(recorded.event, "parcel", None)
            if parcel and (row := after(rows.get(parcel), recorded)):
                rows[parcel] = row
        return rows

    def search(self, text: str, limit: int = 50) -> Sequence[ParcelRow]:
        found = [
            row
            for row in self._rows().values()
            if row.parcel.startswith(text) or (row.waybill or "").startswith(text.upper())
        ]
        return sorted(found, key=lambda row: row.inducted_at, reverse=True)[:limit]

    def get(self, parcel_or_waybill: str) -> ParcelRow | None:
        rows = self._rows()
        named = [row for row in rows.values() if row.waybill == parcel_or_waybill]
        return rows.get(parcel_or_waybill) or (named[-1] if named else None)


@dataclass
class FakePictures:
    """One picture for all."""

    folder: Path

    def path(self, picture: PictureId) -> Path | None:
        if picture != PICTURE_ID:
            return None
        place = self.folder / picture
        if not place.exists():
            place.write_bytes(PICTURE)
        return place


@dataclass
class FakeControl:
    """A control process that answers as it is told to."""

    answer: FrameAnswer = FrameAnswer.ACCEPTED
    up: bool = True
    frames: list[Frame] = field(default_factory=list)
    advices: list[tuple[str, bytes]] = field(default_factory=list)

    async def frame(self, frame: Frame) -> FrameAnswer:
        if not self.up:
            return FrameAnswer.UNAVAILABLE
        self.frames.append(frame)
        return self.answer

    async def metrics(self) -> list[dict[str, Any]] | None:
        live = {"name": "karez_live_parcels", "type": "gauge", "help": "h", "samples": [[{}, 3.0]]}
        return [live] if self.up else None

    async def advice(self, name: str, data: bytes) -> AdviceReport | None:
        if not self.up:
            return None
        self.advices.append((name, data))
        return AdviceReport(len(data.splitlines()) - 1, 0, ())

    async def status(self) -> dict[str, Any] | None:
        return {"hub": "Kashi"} if self.up else None


class Playing:
    """Plays a day into a store: what lies before ``now`` at once, the rest when its time comes."""

    def __init__(self, store: FakeStore, moments: Sequence[Moment], now: datetime, played_s: float) -> None:
        self._store, self._moments = store, moments
        self._begin = now - timedelta(seconds=played_s)
        self._next = 0
        self.advance(now)

    def advance(self, now: datetime) -> None:
        """Append every event whose time has come."""
        end = bisect_right(self._moments, (now - self._begin).total_seconds(), key=lambda each: each.second)
        for moment in self._moments[self._next : end]:
            self._store.append(moment.event, self._begin + timedelta(seconds=moment.second))
        self._next = max(self._next, end)


def utc_now() -> datetime:
    return datetime.now(UTC)
