"""The dialogue of hub and PLC in OSIP's telegrams, both ways; what an item is, and its lap, the ends know themselves.

::

    INDUCT  UPD_ at an induction                  DIVERT  UPD_ at a chute, or on the loop, with an outcome's code
    SCAN    REQ_ at any place                     STATE   LOCU of a chute or induction, SYSU of the sorter; both ways
    DEST    RES_, to a chute or (go round) to the loop itself; the target group is not used (``*``)
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from karez.domain.errors import BadTelegram
from karez.domain.ids import ChuteId
from karez.domain.telegrams import Dest, Divert, DivertOutcome, Induct, Scan, State, Subject
from karez.sorter.plc.osip.codes import Codes
from karez.sorter.plc.osip.options import OsipOptions, pairs
from karez.sorter.plc.osip.places import Kind, Place, Places
from karez.sorter.plc.osip.wire import LocationUpdate, Request, Response, SystemUpdate, Update

NO_BARCODE = "?" * 20
_EMPTY = frozenset({NO_BARCODE, "0" * 20, "*" * 20})
_NO_GROUP = "*" * 20
_EPOCH = datetime(1970, 1, 1)
_PLACE_OF = {Subject.CHUTE: Kind.CHUTE, Subject.INDUCTION: Kind.INDUCTION}
_SUBJECT_OF = {kind: subject for subject, kind in _PLACE_OF.items()}


class Dialogue:
    """Translates by the driver's options.

    Raises
    ------
    ValueError
        Where the options' codes contradict one another.
    """

    def __init__(self, options: OsipOptions) -> None:
        self.places = Places(options.area, pairs(options.chutes), pairs(options.inductions))
        self.codes = Codes(pairs(options.codes))
        self._ahead = timedelta(minutes=options.utc_offset_min)
        self._by, self._scanned = options.barcode, options.scanned

    @property
    def carries_codes(self) -> bool:
        """Whether REQ_ tells what the PLC's scanner read."""
        return self._by == "label" or self._scanned == "target"

    # ---- time and names --------------------------------------------------------------------------------------------

    def ts_ms(self, created: datetime) -> int:
        """Milliseconds since 1970 UTC of a date in the PLC's zone."""
        return round((created - _EPOCH - self._ahead).total_seconds() * 1000)

    def date(self, ts_ms: int) -> datetime:
        """The PLC's date of a time; OSIP has whole seconds. Raises `ValueError` beyond the year 9999."""
        try:
            return (_EPOCH + self._ahead + timedelta(milliseconds=ts_ms)).replace(microsecond=0)
        except OverflowError:
            raise ValueError(f"{ts_ms} ms is no date") from None

    # ---- what the PLC says -----------------------------------------------------------------------------------------

    def inducted(self, telegram: Induct, barcode: str) -> Update:
        """INDUCT as UPD_."""
        at = self.places.location(Kind.INDUCTION, telegram.induction, telegram.carrier)
        return Update(barcode, at, self.codes.normal, self.date(telegram.ts_ms))

    def asked(self, telegram: Scan, barcode: str) -> Request:
        """SCAN as REQ_; what it measured is not carried."""
        at = self.places.location(Kind.SCAN, carrier=telegram.carrier)
        target = code_field(telegram.codes) if self._scanned == "target" else NO_BARCODE
        return Request(barcode, at, target, self.codes.normal, self.date(telegram.ts_ms))

    def read_codes(self, body: Request) -> Sequence[str]:
        """What the PLC's scanner read, where the request tells it."""
        field = body.barcode if self._by == "label" else body.target
        return (name_of(field),) if self.carries_codes and not is_empty(field) else ()

    def diverted(self, telegram: Divert, barcode: str) -> Update:
        """DIVERT as UPD_."""
        kind = Kind.LOOP if telegram.chute is None else Kind.CHUTE
        at = self.places.location(kind, telegram.chute or "", telegram.carrier)
        return Update(barcode, at, self.codes.of_outcome(telegram.outcome), self.date(telegram.ts_ms))

    def outcome(self, body: Update, at: Place) -> tuple[DivertOutcome, ChuteId | None] | None:
        """What an UPD_ says became of its item, and at which chute; ``None``: only that it passed a place."""
        if at.kind is Kind.CHUTE:
            return self.codes.outcome(body.error), ChuteId(at.name)
        if at.kind is Kind.LOOP and body.error != self.codes.normal:
            return self.codes.outcome(body.error), None
        return None

    # ---- what the hub says -----------------------------------------------------------------------------------------

    def ordered(self, order: Dest, barcode: str, actual: str | None, error: str | None, created: datetime) -> Response:
        """DEST as RES_; ``actual`` and ``error`` as the request had them, or ``None`` without one."""
        kind = Kind.LOOP if order.chute is None else Kind.CHUTE
        target = self.places.location(kind, order.chute or "")
        at = actual or self.places.location(Kind.LOOP)
        return Response(barcode, at, target, _NO_GROUP, error or self.codes.normal, created)

    def target(self, body: Response) -> ChuteId | None:
        """Chute of an order; ``None``: go round. Raises `BadTelegram` where it is neither."""
        to = self.places.place(body.target)
        if to.kind not in (Kind.CHUTE, Kind.LOOP):
            raise BadTelegram(f"targetLocation {body.target} is neither a chute nor the loop")
        return ChuteId(to.name) if to.kind is Kind.CHUTE else None

    # ---- both ------------------------------------------------------------------------------------------------------

    def changed(self, state: State) -> LocationUpdate | SystemUpdate:
        """STATE as LOCU or SYSU; its figure is not carried."""
        code, created = self.codes.of_state(state.subject, state.state), self.date(state.ts_ms)
        kind = _PLACE_OF.get(state.subject)
        if kind is None:
            return SystemUpdate(self._group(state.name), code, created)
        return LocationUpdate(self._group(""), self.places.location(kind, state.name), code, created)

    def state(self, body: LocationUpdate | SystemUpdate) -> State:
        """What a LOCU or SYSU says. Raises `BadTelegram` where place or code mean nothing here."""
        ts_ms = self.ts_ms(body.created)
        if isinstance(body, SystemUpdate):
            name = body.group.rstrip("_*")
            return State(Subject.SORTER, name, self.codes.state(Subject.SORTER, body.error), ts_ms)
        place = self.places.place(body.location)
        subject = _SUBJECT_OF.get(place.kind)
        if subject is None:
            raise BadTelegram(f"location {body.location} is neither a chute nor an induction")
        return State(subject, place.name, self.codes.state(subject, body.error), ts_ms)

    def _group(self, name: str) -> str:
        if len(name) > 20:
            raise ValueError(f"{name!r} does not fit into a location group")
        return name.ljust(20, "_" if name else "*")


def barcode_of(name: str) -> str:
    """Twenty characters of an item's number or a label's code: zeros before it.

    Raises
    ------
    ValueError
        Where it does not fit, or begins with a zero itself, which could not be told from the filling.
    """
    if not name or len(name) > 20 or name.startswith("0"):
        raise ValueError(f"{name!r} cannot stand in a barcode field")
    return name.rjust(20, "0")


def code_field(codes: Sequence[str]) -> str:
    """Twenty characters of the first code that fits; `NO_BARCODE` where none does: a no-read is said."""
    for code in codes:
        if code.isascii() and code.isalnum() and len(code) <= 20 and not code.startswith("0"):
            return barcode_of(code)
    return NO_BARCODE


def is_empty(barcode: str) -> bool:
    """Whether the field holds nothing but filling."""
    return barcode in _EMPTY


def name_of(barcode: str) -> str:
    """Take the filling off a barcode field."""
    return barcode.lstrip("0") or "0"
