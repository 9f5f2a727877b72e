"""What OSIP's errorCode says here: outcomes of a divert and states of places; the PLC's own codes may replace them.

OSIP leaves the codes to the project. 00000090 stands in openWMS's published telegrams where nothing is wrong.
"""

from collections.abc import Mapping

from karez.domain.errors import BadTelegram
from karez.domain.telegrams import DivertOutcome, Subject

CODES: dict[str, str] = {
    "normal": "00000090",
    "divert.ok": "00000090",
    "divert.full": "00000101",
    "divert.jam": "00000102",
    "divert.late": "00000103",
    "divert.aborted": "00000104",
    "divert.lost": "00000105",
    "divert.recirculated": "00000106",
    "chute.open": "00000090",
    "chute.full": "00000201",
    "chute.closed": "00000202",
    "chute.bag_change": "00000203",
    "induction.on": "00000090",
    "induction.off": "00000211",
    "sorter.running": "00000090",
    "sorter.stopped": "00000221",
}
"""By subject and word. Codes of one subject differ; those of different subjects are told apart by the telegram."""


class Codes:
    """The table, with what the options replace.

    Raises
    ------
    ValueError
        Where a replaced name is none of the table's, or two words of a subject would have one code.
    """

    def __init__(self, own: Mapping[str, str]) -> None:
        unknown = own.keys() - CODES.keys()
        if unknown:
            raise ValueError(f"no code is called {', '.join(sorted(unknown))}; there are {', '.join(CODES)}")
        self._codes: dict[str, str] = {**CODES, **own}
        self._words: dict[tuple[str, str], str] = {}
        for name, code in self._codes.items():
            subject, _, word = name.partition(".")
            if self._words.setdefault((subject, code), word) != word:
                raise ValueError(f"code {code} of {name} is that of {subject}.{self._words[subject, code]}, too")

    @property
    def normal(self) -> str:
        """Nothing is wrong."""
        return self._codes["normal"]

    def of_outcome(self, outcome: DivertOutcome) -> str:
        """Code of what became of an item."""
        return self._codes[f"divert.{outcome}"]

    def outcome(self, code: str) -> DivertOutcome:
        """What a code at a chute, or on the loop, says of an item. Raises `BadTelegram` for one not in the table."""
        return DivertOutcome(self._word("divert", code))

    def of_state(self, subject: Subject, state: str) -> str:
        """Code of a state. Raises `ValueError` for one not in the table."""
        code = self._codes.get(f"{subject}.{state}")
        if code is None:
            raise ValueError(f"there is no code for {subject} {state!r}")
        return code

    def state(self, subject: Subject, code: str) -> str:
        """State that a code says of a place. Raises `BadTelegram` for one not in the table."""
        return self._word(subject, code)

    def _word(self, subject: str, code: str) -> str:
        word = self._words.get((subject, code))
        if word is None:
            raise BadTelegram(f"errorCode {code} says nothing of a {subject}")
        return word
