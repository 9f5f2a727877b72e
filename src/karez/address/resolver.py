"""Pre-advice, sort code, learned address, area rules: the order in which a destination is looked for."""

from karez.address.areas.areas import Areas
from karez.address.by_area import destination_in
from karez.address.gazetteer import Gazetteer
from karez.address.learned import LearnedAddresses
from karez.address.match import resolve
from karez.address.sort_codes import SortCodes
from karez.domain.advice import PreAdvice
from karez.domain.destination import Destination, DestinationReason, Unresolved, UnresolvedReason
from karez.domain.reading import NoRead, Reading

CLEARLY = 0.9
"""A label contradicts the pre-advice only where its own destination is at least this sure."""


class Resolver:
    """All that the hub knows about places, behind one door."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        areas: Areas | None = None,
        sort_codes: SortCodes | None = None,
        learned: LearnedAddresses | None = None,
    ) -> None:
        self.gazetteer, self.areas, self.sort_codes, self.learned = gazetteer, areas, sort_codes, learned

    def from_text(self, text: str) -> Destination | Unresolved:
        """Resolve an address: by what operators taught about it, else by the gazetteer and the area rules."""
        found = resolve(text, self.gazetteer, self.areas)
        taught = self.learned.destination(text, found) if self.learned else None
        return taught or found

    def from_sort_code(self, code: str) -> Destination | None:
        """Resolve a sort code through the hub's table; ``None`` where it is not in it."""
        area = self.sort_codes.lookup(code) if self.sort_codes else None
        if area is None:
            return None
        explanation = f"The hub's table of sort codes leads to {area}."
        return destination_in(area, self.areas, self.gazetteer, DestinationReason.SORT_CODE, explanation, 0.99)

    def from_advice(self, advice: PreAdvice) -> Destination | None:
        """Take the place that was resolved when the pre-advice was imported; ``None`` where it was not."""
        if advice.area is None and advice.county is None:
            return None
        return Destination(
            province_name=advice.province_name,
            prefecture_name=advice.prefecture_name,
            county=advice.county,
            county_name=advice.county_name,
            township=None,
            township_name=advice.township_name,
            area=advice.area,
            confidence=1.0,
            reason=DestinationReason.PRE_ADVICE,
            explanation="The courier company's order data says so.",
        )

    def resolve(self, reading: Reading | NoRead, advice: PreAdvice | None) -> Destination | Unresolved:
        """Resolve a parcel: its pre-advice, else its sort code, else its address."""
        advised = self.from_advice(advice) if advice else None
        return advised or self._from_label(reading)

    def _from_label(self, reading: Reading | NoRead) -> Destination | Unresolved:
        code, address = reading.sort_code, reading.address
        by_code = self.from_sort_code(code.value) if code else None
        if by_code is not None:
            return by_code
        if address is not None:
            return self.from_text(address.value)
        if code is not None:
            return Unresolved(UnresolvedReason.SORT_CODE_UNKNOWN, "The sort code is not in the hub's table.")
        return Unresolved(UnresolvedReason.NO_ADDRESS, "Neither pre-advice, sort code nor address.")

    def contradiction(self, reading: Reading | NoRead, advice: PreAdvice) -> tuple[str, str] | None:
        """Return (advised, label's) area or county where the label clearly names another one, else ``None``."""
        label, advised = self._from_label(reading), self.from_advice(advice)
        if advised is None or isinstance(label, Unresolved) or label.confidence < CLEARLY:
            return None
        for a, b in ((advised.area, label.area), (advised.county_name, label.county_name)):
            if a and b:
                return (a, b) if a != b and not self._same_county(advised, label) else None
        return None

    def _same_county(self, advised: Destination, label: Destination) -> bool:
        """Whether one merely says less than the other: the same county, and one of them without a township."""
        same = advised.county_name is not None and advised.county_name == label.county_name
        return same and (advised.township_name is None or label.township_name is None)
