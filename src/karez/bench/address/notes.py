"""What belongs to the figures of the address bench to be understood: whole sentences."""

from collections.abc import Iterator
from typing import Any

Record = dict[str, Any]

_LABELLED = (
    "right: province right, and the county called as labelled or, where the gazetteer records the labelled name as its "
    "predecessor, by today's name. Karez must have said which old name the text uses; the peers, which cannot, are "
    "given it in both directions, old for new too. Their cities (省直辖县级行政区划) are not looked at.",
    "cannot be decided: several counties of the mainland in force bear the name, and no full name of a township, "
    "prefecture or province that only the true one has stands in what is left. With the district dropped: the "
    "townships named are not those of the true county alone, under the province and city that are left. Named: no "
    "place is given, and the right one is among the candidates. Answered all the same: by a clue that this rule does "
    "not count, a road or a short name, or by a guess; all shares are of the rows that cannot be decided. Whether "
    "errors then spoil the name is not asked: such rows count as decidable.",
    "district dropped: right where the county is right, by whatever tells it; no place is no fault. What it is for is "
    "the count of sure and wrong: other words taken for a county's name.",
    "sure: confidence of 0.95 or more; sure and wrong is counted over all rows, sure over those that can be decided.",
    "µs: processor time of one address on one warm thread, the median of three passes (JioNLP: one), no areas and no "
    "parts; cpca in one batch, as it is meant to be called, the others one by one. Where a machine does other work it "
    "rises, for caches are shared.",
)

_DRAWN = (
    "Kashi, drawn: every township of the region as likely as any other, in a form and with a trouble drawn at random; "
    "a look-alike is of the half that Karez does not repair by. Right: county and township, or village too.",
    "county told: by the township, or by its own name without an error in it. township told: county and township as "
    "written are nearer to the true township than to any other of the region, of today or the past, in the same form; "
    "without a county, no other township of what is named above has the name. village told: no other village of the "
    "county has the name or comes as near. guessed: another township given where none is told.",
)

_BY_HAND = (
    "Kashi, by hand: guessed: a township or a village given with a confidence of 0.95 or more where the address tells "
    "none; it is counted apart from right and wrong."
)

_PARTS = (
    "parts: a span is right where start, end and label are; F1 over all spans of all 21 labels, as conlleval counts. "
    "The published parser was trained on 8,957 addresses of the same set, and measured on its test split."
)


def notes(record: Record) -> list[str]:
    """Say how the figures came about."""
    told = [f"seed {record['seed']}, gazetteer of {record['gazetteer']}."]
    told += _labelled_notes(record) if record["labelled"] else ()
    told += _DRAWN if record["kashi_drawn"] else ()
    told += (_BY_HAND,) if record["kashi_by_hand"] else ()
    told += (_PARTS,) if record["parts"] else ()
    return told


def _labelled_notes(record: Record) -> Iterator[str]:
    labelled = record["labelled"]
    out = "; ".join(f"{each['why']} {each['n']}" for each in labelled["left_out"])
    yield f"{labelled['set']} {record['split']}: {labelled['rows']} rows; left out: {out or 'none'}."
    yield from _LABELLED
    for condition in labelled["conditions"]:
        if condition["changed"]:
            share = 100 * condition["changed_characters_share"]
            yield f"{condition['condition']}: {condition['changed']} rows changed, {share:.1f} % of all characters."
    for name, why in labelled["missing"].items():
        yield f"{name} did not run: {why}"
