"""What the pictures of each live parcel told so far: several cameras, frames and laps are judged together."""

from collections import OrderedDict

from karez.domain.ids import ParcelId
from karez.domain.reading import NoRead, Reading
from karez.reading.fusion import Evidence, evidence, judged_with
from karez.reading.waybills import WaybillRules

_PICTURES = 12  # of a parcel that count: six cameras, two laps

Witnesses = OrderedDict[str, Evidence]
"""By picture (its content hash) or scanner: the same one heard twice is one witness."""


class EvidenceRoom:
    """Hears the pictures of live parcels.

    Parameters
    ----------
    heard
        Where evidence is kept, by parcel; whoever ends a parcel takes it out there.
    """

    def __init__(self, rules: WaybillRules, heard: dict[ParcelId, Witnesses]) -> None:
        self._rules, self._heard = rules, heard

    def hear(self, parcel: ParcelId, witness: str, outcome: Reading | NoRead) -> Reading | NoRead:
        """Judge what one picture told together with what was told before."""
        heard = self._heard.setdefault(parcel, OrderedDict())
        heard.pop(witness, None)
        own = evidence(outcome, self._rules)
        together = judged_with(outcome, own, tuple(heard.values()), self._rules)
        heard[witness] = own
        if len(heard) > _PICTURES:
            heard.popitem(last=False)
        return together
