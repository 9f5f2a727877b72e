"""Count the shares of right counties by evidence, from which `karez.address.confidence` has its figures.

Run on the train split only (the dev split judges): ``python scripts/calibrate_addresses.py FOLDER``, where the folder
holds ``swei412/train.txt``. Printed are the evidence, how often it was met over all conditions, and the share that was
right; figures in the code are rounded down from several seeds.
"""

import argparse
import random
from collections import Counter
from pathlib import Path

from karez.address.confidence import Evidence, evidence
from karez.address.gazetteer import Gazetteer
from karez.address.match import winner
from karez.bench.address.conditions import Condition, conditions
from karez.bench.address.decidable import Decider
from karez.bench.address.labelled import read
from karez.bench.address.noise import halved
from karez.bench.address.subjects import Karez
from karez.bench.address.truth import CountyNames, Row, is_right, judged


def main() -> None:
    """Read the arguments, count, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=int, default=8_000)
    asked = parser.parse_args()
    gazetteer = Gazetteer.load()
    names = CountyNames(gazetteer)
    rows, _ = judged(read(asked.data / "swei412" / "train.txt"), names)
    rows = random.Random(asked.seed).sample(rows, min(asked.limit, len(rows)))
    halves = halved(gazetteer.lookalikes, asked.seed)
    gazetteer.lookalikes = halves.for_repair
    met: Counter[Evidence] = Counter()
    right: Counter[Evidence] = Counter()
    for condition in conditions(rows, Decider(names), halves, 0.05, asked.seed):
        _count(condition, rows, names, gazetteer, met, right)
    for found, count in sorted(met.items()):
        print(f"{' '.join(map(str, found)):50} {count:7} {right[found] / count:8.4f}")


def _count(
    condition: Condition,
    rows: list[Row],
    names: CountyNames,
    gazetteer: Gazetteer,
    met: Counter[Evidence],
    right: Counter[Evidence],
) -> None:
    texts = condition.texts
    for text, row, answer in zip(texts, rows, Karez(gazetteer).answer(texts), strict=True):
        won = winner(text, gazetteer)
        if won is not None and answer.county is not None:
            key = evidence(*won, known=won[0].county in gazetteer.well_known_counties())
            met[key] += 1
            right[key] += is_right(row, answer, names, condition.names_county)


if __name__ == "__main__":
    main()
