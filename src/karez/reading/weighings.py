"""The weight printed on a label, in grams: actual weight before billed weight, and never a weight of goods."""

import re
from collections.abc import Sequence

from karez.reading.printed_lines import Field, PrintedLine

_GRAMS = {
    "kg": 1000.0,
    "kgs": 1000.0,
    "公斤": 1000.0,
    "千克": 1000.0,
    "кг": 1000.0,
    "斤": 500.0,
    "g": 1.0,
    "克": 1.0,
    "lb": 453.59237,
    "lbs": 453.59237,
}
_MOST_G = 100_000  # heavier ones go by freight, without such a label
_UNIT = r"[Kk] ?[Gg][Ss]?|公斤|千克|кг|斤|[Gg]|克|[Ll][Bb][Ss]?"
_NUMBER = r"[0-9OoIl]{1,5}(?: ?[.,·] ?[0-9OoIl]{1,3})?"
_ACTUAL = re.compile(r"实际?重|毛重|称重|Actual|Gross|G\.? ?W", re.IGNORECASE)
_BILLED = re.compile(r"计费|体积|泡重|Charge|Bill|Volum|Dim", re.IGNORECASE)
_LABEL = re.compile(r"重量|实际?重|毛重|净重|称重|计重|Weight|\bW(?:eigh)?t\b|G\.? ?W|ئېغىرلى", re.IGNORECASE)
_QUANTITY = re.compile(
    rf"(?<![0-9A-Za-z.])(?P<number>{_NUMBER}) ?(?P<unit>{_UNIT})(?![A-Za-z])"
    rf"|[（(](?P<ahead>{_UNIT})[)）] ?[:：]? ?(?P<after>{_NUMBER})"
)
_LOOK_ALIKES = re.compile("[OoIl]")
_FIGURES = str.maketrans("OoIl,·", "0011..")


def weight(lines: Sequence[PrintedLine]) -> Field | None:
    """Find the parcel's weight.

    Returns
    -------
    Its value is the grams in figures. A quantity counts where the word weight stands in its line, or where it is alone
    in its line: ``500g`` among words is what the goods are sold by.
    """
    found = [
        (rank, index, grams, repaired)
        for index, line in enumerate(lines)
        for rank, grams, repaired in _weights(line.line.text)
    ]
    if not found:
        return None
    _, index, grams, repaired = min(found)
    return Field(str(grams), (index,), lines[index].line.confidence, repaired or None)


def _weights(text: str) -> list[tuple[int, int, str]]:
    """List (rank, grams, what was read where letters stood for figures) of one line; a lower rank is better."""
    weights = []
    begin = 0
    for match in _QUANTITY.finditer(text):
        before, begin = text[begin : match.start()], match.end()
        rank = _rank(before, alone=not text.replace(match.group(), "").strip(" :：()（）"))
        number = match["number"] or match["after"]
        grams = _grams(number, match["unit"] or match["ahead"])
        if rank is not None and grams is not None:
            weights.append((rank, grams, number if _LOOK_ALIKES.search(number) else ""))
    return weights


def _rank(before: str, alone: bool) -> int | None:
    if _ACTUAL.search(before):
        return 0
    if _BILLED.search(before):
        return 2
    if _LABEL.search(before):
        return 1
    return 3 if alone else None


def _grams(number: str, unit: str) -> int | None:
    try:
        amount = float(number.translate(_FIGURES).replace(" ", ""))
    except ValueError:
        return None
    grams = round(amount * _GRAMS[unit.lower().replace(" ", "")])
    return grams if 0 < grams <= _MOST_G else None
