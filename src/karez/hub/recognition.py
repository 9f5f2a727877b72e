"""What scanner and pictures tell about a live parcel, as events; a replay puts the recorded ones in its place."""

from karez.domain import events as ev
from karez.domain.reading import NoRead, NoReadReason, Reading
from karez.domain.telegrams import Scan
from karez.eventstore.protocol import Store
from karez.hub import induction
from karez.hub.advice_memory import AdviceMemory
from karez.hub.assignment import House
from karez.hub.evidence import EvidenceRoom
from karez.hub.induction import Place
from karez.hub.parcel import LiveParcel
from karez.hub.readers import Done
from karez.hub.seen import Shot
from karez.hub.tracking import Tracking
from karez.reading.scanner import judge_scanned
from karez.reading.waybills import WaybillRules
from karez.settings import ReadingSection

_SCANNER = "scanner"


class Recognition:
    """Judges scanner and pictures of a parcel together.

    Attributes
    ----------
    advice
        Pre-advice at hand.
    rules
        Which numbers are waybill numbers.
    """

    def __init__(self, reading: ReadingSection, store: Store, tracking: Tracking) -> None:
        self._tracking = tracking
        self.advice = AdviceMemory(store.advice)
        self.rules = WaybillRules(reading.companies, lambda waybill: self.advice.of(waybill) is not None)
        self._evidence = EvidenceRoom(self.rules, tracking.witnesses)
        self._placed: tuple[Reading, Place] | None = None

    def look_up(self, parcel: LiveParcel | None, outcome: Reading | NoRead | None, house: House) -> None:
        """Have at hand what taking in this outcome, and a decision behind it, will ask of the store.

        Raises
        ------
        StoreAway
        """
        if parcel is not None and parcel.waybill is not None:
            self.advice.of(parcel.waybill)
        if isinstance(outcome, Reading):
            self._place(outcome, house)

    def by_scanner(self, parcel: LiveParcel | None, telegram: Scan) -> Reading | NoRead | None:
        """Judge what the PLC's own scanner read, with what was told before; ``None`` where it tells nothing.

        Like `by_picture` it may be asked again about the same: one witness stays one.
        """
        if not telegram.codes or not (parcel is None or parcel.wants_picture):
            return None
        outcome = self._evidence.hear(telegram.parcel, _SCANNER, judge_scanned(telegram.codes, self.rules))
        if isinstance(outcome, NoRead) and outcome.reason is not NoReadReason.CONTRADICTION:
            return None  # a picture may still tell more
        return outcome

    def scanned(self, parcel: LiveParcel, outcome: Reading | NoRead | None, house: House) -> list[ev.Event]:
        """Events of what the PLC's own scanner read."""
        return [] if outcome is None else self.events(parcel, outcome, Shot(None, _SCANNER), house)

    def by_picture(self, parcel: LiveParcel, done: Done) -> Reading | NoRead | None:
        """Judge one picture with what was told before; ``None`` where it changes nothing any more."""
        outcome = self._evidence.hear(parcel.parcel, done.job.frame.picture, done.outcome)
        contradicted = isinstance(outcome, NoRead) and outcome.reason is NoReadReason.CONTRADICTION
        return outcome if parcel.wants_picture or contradicted else None

    def events(self, parcel: LiveParcel, outcome: Reading | NoRead, shot: Shot, house: House) -> list[ev.Event]:
        """Events of what was read: the number, and where it leads."""
        place = self._place(outcome, house) if isinstance(outcome, Reading) else None
        return induction.recognised(parcel, outcome, shot, place, self._tracking.waybills, house.min_confidence)

    def _place(self, reading: Reading, house: House) -> Place:
        """Where a reading leads; the last one's is at hand, for `events` comes right behind `look_up`."""
        if self._placed is None or self._placed[0] is not reading:
            advice = self.advice.of(reading.waybill.value)
            self._placed = reading, induction.place_of(reading, advice, house.resolver)
        return self._placed[1]
