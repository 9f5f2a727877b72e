"""Errors as the reader makes them: characters taken for others, lost and added, by shares that were measured."""

import csv
import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

COUNTED = Path(__file__).parents[1] / "data" / "reader_confusions.tsv"
"""Counted by ``scripts/reader_confusions.py`` on drawn lines; its head says from how many."""

_MOST = 0.5
"""No character is spoilt more often than half the time, however often the reader failed on the few there were."""


@dataclass(frozen=True, slots=True)
class ReaderNoise:
    """How often the reader errs on each character, and how.

    Attributes
    ----------
    replaced
        Printed character → share of its prints that were read as another, and those with their counts.
    lost
        Printed character → share of its prints that were not read.
    lost_elsewhere
        The same for a character that was not printed when it was measured: the mean of all.
    added
        Characters read where none was printed, with their counts.
    added_share
        How often one was, for each that was printed.
    error_share
        All errors to all characters printed.
    """

    replaced: dict[str, tuple[float, dict[str, int]]]
    lost: dict[str, float]
    lost_elsewhere: float
    added: dict[str, int]
    added_share: float
    error_share: float

    @classmethod
    def measured(cls, path: Path = COUNTED) -> "ReaderNoise":
        """Read the counts that come with the package."""
        with path.open(encoding="utf-8", newline="") as file:
            head = [next(file) for _ in range(3)]
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        total = _number_before(" characters printed", "".join(head))
        replaced: dict[str, dict[str, int]] = defaultdict(dict)
        lost, added, printed = Counter[str](), Counter[str](), dict[str, int]()
        for row in rows:
            count = int(row["count"])
            if not row["printed"]:
                added[row["read"]] += count
                continue
            printed[row["printed"]] = int(row["of"])
            if row["read"]:
                replaced[row["printed"]][row["read"]] = count
            else:
                lost[row["printed"]] += count
        shares = {one: (sum(others.values()) / printed[one], others) for one, others in replaced.items()}
        errors = sum(int(row["count"]) for row in rows)
        return cls(
            replaced=shares,
            lost={one: count / printed[one] for one, count in lost.items()},
            lost_elsewhere=lost.total() / total,
            added=dict(added),
            added_share=added.total() / total,
            error_share=errors / total,
        )

    def spoil(self, text: str, share: float, rng: random.Random) -> str:
        """Put errors into a text: those that the reader makes, so much more often that ``share`` of all go wrong."""
        more = share / self.error_share
        return "".join(self._spoilt(each, more, rng) for each in text)

    def _spoilt(self, character: str, more: float, rng: random.Random) -> str:
        share, others = self.replaced.get(character, (0.0, {}))
        if rng.random() < min(_MOST, more * share):
            character = rng.choices(list(others), list(others.values()))[0]
        elif rng.random() < min(_MOST, more * self.lost.get(character, self.lost_elsewhere)):
            character = ""
        if self.added and rng.random() < more * self.added_share:
            character += rng.choices(list(self.added), list(self.added.values()))[0]
        return character


def _number_before(words: str, head: str) -> int:
    return int(head.partition(words)[0].split()[-1])
