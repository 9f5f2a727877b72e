"""Addresses of the Kashi region as people write them, each with its source: resolved, and held against their truth."""

import csv
from dataclasses import dataclass
from pathlib import Path

from karez.address.gazetteer import Gazetteer
from karez.bench.address.answers import Answer
from karez.bench.address.scoring import SURE
from karez.bench.address.subjects import Karez
from karez.domain.errors import BadInput

ADDRESSES = Path(__file__).parents[1] / "data" / "kashi_addresses.tsv"
"""The set that comes with the package; its head says what the columns mean."""

NO_COUNTY = "-"
"""Stands for the county of an address that tells none: it must stay unresolved."""

_COLUMNS = ("address", "county_name", "township_name", "village_name", "source", "note")


@dataclass(frozen=True, slots=True)
class HandWritten:
    """One address with its truth; a level that the address does not tell is empty."""

    number: int
    address: str
    county: str
    township: str
    village: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class HandMark:
    """How one of them fared; ``None`` where the address does not tell the level."""

    row: HandWritten
    answer: Answer

    @property
    def county_right(self) -> bool:
        """Whether the county is right, or no place was given where none is told."""
        return self.answer.county == (None if self.row.county == NO_COUNTY else self.row.county)

    @property
    def township_right(self) -> bool | None:
        """Whether county and township are right."""
        return self.county_right and self.answer.township == self.row.township if self.row.township else None

    @property
    def village_right(self) -> bool | None:
        """Whether county and village are right, and the township where it is told."""
        if not self.row.village:
            return None
        return self.county_right and self.township_right is not False and self.answer.village == self.row.village

    @property
    def is_right(self) -> bool:
        """Whether all that the address tells was found."""
        return self.county_right and self.township_right is not False and self.village_right is not False

    @property
    def sure_and_wrong(self) -> bool:
        """Whether another county or township was given for sure."""
        wrong_town = self.answer.township is not None and self.township_right is False
        return self._is_sure and (not self.county_right or wrong_town)

    @property
    def township_guessed(self) -> bool:
        """Whether a township was given for sure, in the right county, where the address tells none."""
        return self._is_sure and self.county_right and not self.row.township and self.answer.township is not None

    @property
    def village_guessed(self) -> bool:
        """Whether a village was given for sure, in the right county, where the address tells none."""
        return self._is_sure and self.county_right and not self.row.village and self.answer.village is not None

    @property
    def failed(self) -> str:
        """Say in a word what went wrong; empty where nothing did."""
        if not self.is_right:
            return "township or village" if self.county_right else "wrong"
        if self.township_guessed:
            return "township guessed"
        return "village guessed" if self.village_guessed else ""

    @property
    def _is_sure(self) -> bool:
        return (self.answer.confidence or 0.0) >= SURE


def read(path: Path = ADDRESSES) -> list[HandWritten]:
    """Read a set.

    Raises
    ------
    BadInput
        The file is not there, or a row has not the columns that its head promises.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput("it cannot be read", str(path), "") from fault
    rows = list(
        csv.reader((line for line in lines if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE)
    )
    if not rows or tuple(rows[0]) != _COLUMNS:
        raise BadInput(f"its columns are not {', '.join(_COLUMNS)}", str(path), "")
    for number, row in enumerate(rows[1:], 1):
        if len(row) != len(_COLUMNS):
            raise BadInput(f"address {number} has {len(row)} columns, not {len(_COLUMNS)}", str(path), "")
    return [HandWritten(number, *row) for number, row in enumerate(rows[1:], 1)]


def run(gazetteer: Gazetteer) -> list[HandMark]:
    """Resolve every address."""
    rows, karez = read(), Karez(gazetteer)
    answers = karez.answer([row.address for row in rows])
    return [HandMark(row, answer) for row, answer in zip(rows, answers, strict=True)]
