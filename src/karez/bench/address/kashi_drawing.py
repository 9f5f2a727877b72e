"""Draws addresses of the Kashi region from the gazetteer: who is meant, how it is written, what befalls it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from karez.address.places import Place
from karez.bench.address.kashi_forms import Form, Forms, Parts
from karez.bench.address.kashi_region import Region
from karez.bench.address.kashi_troubles import ERRORS, HARMLESS, OF_OTHER_SCRIPTS, Trouble, Troubles
from karez.bench.address.kashi_truth import KashiTruth

_VILLAGE_SHARE = 0.5
_UNTROUBLED_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Drawn:
    """One address, and the truth that no subject sees.

    Attributes
    ----------
    number
        Its place in the set, from 1.
    told_county
        Whether the text tells it: by its township, or by a county's name without an error.
    told_township, told_village
        Whether the text tells them, by `KashiTruth`.
    village
        ``None`` where none is written.
    """

    number: int
    text: str
    form: Form
    trouble: Trouble
    county: Place
    township: Place
    village: Place | None
    told_county: bool
    told_township: bool
    told_village: bool


class Drawing:
    """Draws: every township as likely as any other, then one of the forms it can be written in."""

    def __init__(self, region: Region, troubles: Troubles) -> None:
        self._region, self._troubles = region, troubles
        self._forms, self._truth = Forms(region), KashiTruth(region)

    def draw(self, count: int, seed: int) -> Iterator[Drawn]:
        """Draw addresses; the same seed gives the same."""
        rng = random.Random(f"{seed} kashi")
        for number in range(1, count + 1):
            yield self._one(number, rng)

    def _one(self, number: int, rng: random.Random) -> Drawn:
        township = rng.choice(self._region.in_force).place
        villages = self._region.villages(township)
        wanted = rng.choice(villages) if villages and rng.random() < _VILLAGE_SHARE else None
        form, given = self._written(township, wanted, rng)
        trouble = _trouble(form, rng)
        parts, text = self._troubles.befall(given, trouble, rng)
        if text == given.text:
            trouble = Trouble.NONE
        village = wanted if given.village else None
        told_village = village is not None and self._truth.tells_village(parts, village, township)
        told = self._truth.tells_township(form, parts, township)
        told = told and (form != Form.VILLAGE_ALONE or told_village)
        county = self._region.county_of(township)
        told_county = told or (bool(parts.county) and trouble not in ERRORS)
        return Drawn(number, text, form, trouble, county, township, village, told_county, told, told_village)

    def _written(self, township: Place, village: Place | None, rng: random.Random) -> tuple[Form, Parts]:
        for form in rng.sample(list(Form), len(Form)):
            parts = self._forms.write(form, township, village, rng)
            if parts is not None:
                return form, parts
        raise AssertionError("full names can always be written")


def _trouble(form: Form, rng: random.Random) -> Trouble:
    if rng.random() < _UNTROUBLED_SHARE:
        return Trouble.NONE
    if form in (Form.LATIN, Form.UYGHUR):
        return rng.choice(OF_OTHER_SCRIPTS)
    return rng.choice(HARMLESS if form in (Form.NO_COUNTY, Form.REGIMENT) else (*HARMLESS, *ERRORS))
