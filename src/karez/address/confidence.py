"""How sure a resolution is: the share of right counties among addresses with the same evidence, as measured.

The shares were counted on the train split of the labelled addresses (whole, parts dropped, 5 % look-alikes, a character
lost or doubled), never on the splits that are judged; `scripts/calibrate_addresses.py` counts them again.
"""

from enum import StrEnum
from typing import NamedTuple

from karez.address.chain import Claim
from karez.address.detail import Detail
from karez.address.nearness import LOOKALIKE, LOST
from karez.address.places import Level, NameKind


class Standing(StrEnum):
    """How the county stands in the text."""

    WHOLE = "whole"
    SHORT = "short"
    ALIAS = "alias"  # another living name that is curated: 图市, 塔县
    OTHER_SCRIPT = "other_script"  # whole words of Uyghur or Latin
    FORMER = "former"
    ALIKE = "alike"  # mended, a look-alike or doubled character
    DAMAGED = "damaged"  # mended, anything else
    BY_TOWNSHIP = "by_township"  # not at all: a township stands for it
    BY_KNOWN_TOWNSHIP = "by_known_township"  # the same, of the region that is known to its villages


class Above(StrEnum):
    """What stands above it."""

    PREFECTURE = "prefecture"
    PROVINCE = "province"  # alone
    DAMAGED = "damaged"
    NOTHING = "nothing"
    CONTRADICTS = "contradicts"


class Evidence(NamedTuple):
    """What speaks for a county; addresses with equal evidence have one confidence.

    ``township`` says that a township of it stands behind it as it is; ``adjoining`` that no words stand between the
    county's name and what is above it (or the beginning).
    """

    standing: Standing
    above: Above
    township: bool
    adjoining: bool


def evidence(claim: Claim, detail: Detail, *, other_script: bool = False, known: bool = False) -> Evidence:
    """Return the evidence for the county of a claim.

    ``other_script`` says that the names are Uyghur or Latin words, ``known`` that the gazetteer knows the county to its
    villages: elsewhere development zones divide what the map gives to districts, and townships tell less.
    """
    township = detail.township is not None and not detail.mended
    standing = _standing(claim)
    if other_script and standing == Standing.ALIAS:
        standing = Standing.OTHER_SCRIPT
    if known and standing == Standing.BY_TOWNSHIP:
        standing = Standing.BY_KNOWN_TOWNSHIP
    return Evidence(standing, _above(claim), township, claim.gap <= 1)


def _standing(claim: Claim) -> Standing:
    mention = claim.mention
    if mention.level == Level.TOWNSHIP:
        return Standing.BY_TOWNSHIP
    if mention.cost:
        return Standing.ALIKE if mention.cost <= _ALIKE else Standing.DAMAGED
    return _BY_KIND[mention.kind]


_ALIKE = max(LOOKALIKE, 0.5)
_BY_KIND = {
    NameKind.FULL: Standing.WHOLE,
    NameKind.SHORT: Standing.SHORT,
    NameKind.FORMER: Standing.FORMER,
    NameKind.ALIAS: Standing.ALIAS,
}


def _above(claim: Claim) -> Above:
    if claim.contradicted:
        return Above.CONTRADICTS
    if claim.prefecture is not None:
        return Above.DAMAGED if claim.prefecture.cost else Above.PREFECTURE
    if claim.province is not None:
        return Above.DAMAGED if claim.province.cost else Above.PROVINCE
    return Above.NOTHING


SHARES: dict[tuple[Standing, Above], float] = {
    (Standing.WHOLE, Above.PREFECTURE): 0.99,
    (Standing.WHOLE, Above.PROVINCE): 0.98,
    (Standing.WHOLE, Above.DAMAGED): 0.97,
    (Standing.WHOLE, Above.NOTHING): 0.97,
    (Standing.WHOLE, Above.CONTRADICTS): 0.88,
    (Standing.SHORT, Above.PREFECTURE): 0.98,
    (Standing.SHORT, Above.PROVINCE): 0.95,
    (Standing.SHORT, Above.NOTHING): 0.88,
    (Standing.ALIAS, Above.PREFECTURE): 0.98,
    (Standing.ALIAS, Above.PROVINCE): 0.98,
    (Standing.ALIAS, Above.NOTHING): 0.95,
    (Standing.OTHER_SCRIPT, Above.PREFECTURE): 0.98,
    (Standing.OTHER_SCRIPT, Above.PROVINCE): 0.97,
    (Standing.OTHER_SCRIPT, Above.NOTHING): 0.95,
    (Standing.FORMER, Above.PREFECTURE): 0.95,
    (Standing.FORMER, Above.PROVINCE): 0.97,
    (Standing.FORMER, Above.NOTHING): 0.8,
    (Standing.ALIKE, Above.PREFECTURE): 0.98,
    (Standing.ALIKE, Above.PROVINCE): 0.95,
    (Standing.ALIKE, Above.DAMAGED): 0.95,
    (Standing.ALIKE, Above.NOTHING): 0.95,
    (Standing.DAMAGED, Above.PREFECTURE): 0.98,
    (Standing.DAMAGED, Above.PROVINCE): 0.95,
    (Standing.DAMAGED, Above.DAMAGED): 0.8,
    (Standing.DAMAGED, Above.NOTHING): 0.92,
    (Standing.BY_KNOWN_TOWNSHIP, Above.PREFECTURE): 0.97,
    (Standing.BY_KNOWN_TOWNSHIP, Above.PROVINCE): 0.95,
    (Standing.BY_KNOWN_TOWNSHIP, Above.NOTHING): 0.9,
    (Standing.BY_TOWNSHIP, Above.PREFECTURE): 0.94,
    (Standing.BY_TOWNSHIP, Above.PROVINCE): 0.9,
    (Standing.BY_TOWNSHIP, Above.DAMAGED): 0.6,
    (Standing.BY_TOWNSHIP, Above.NOTHING): 0.8,
}
"""Share of right counties where no township is named and the names adjoin, rounded down (fewer than 15: `SELDOM`).

Aliases and other scripts are rare in the labelled addresses: theirs were counted on sets drawn for the Kashi region."""

APART: dict[tuple[Standing, Above], float] = {
    (Standing.WHOLE, Above.PREFECTURE): 0.98,
    (Standing.WHOLE, Above.PROVINCE): 0.98,
    (Standing.WHOLE, Above.NOTHING): 0.93,
    (Standing.FORMER, Above.PROVINCE): 0.96,
    (Standing.BY_KNOWN_TOWNSHIP, Above.PREFECTURE): 0.9,
    (Standing.BY_KNOWN_TOWNSHIP, Above.PROVINCE): 0.9,
    (Standing.BY_KNOWN_TOWNSHIP, Above.NOTHING): 0.85,
    (Standing.BY_TOWNSHIP, Above.PREFECTURE): 0.83,
    (Standing.BY_TOWNSHIP, Above.PROVINCE): 0.87,
    (Standing.BY_TOWNSHIP, Above.DAMAGED): 0.3,
    (Standing.BY_TOWNSHIP, Above.NOTHING): 0.93,
}
"""The same where other words stand between: in damaged texts those are what is left of the county's own name."""

WITH_TOWNSHIP = 0.98
"""Where a township of it stands behind the county, however damaged that is (4 of 10,000 wrong)."""

SELDOM = {Above.CONTRADICTS: 0.7, Above.DAMAGED: 0.7}
SELDOM_APART = 0.5
SELDOM_ELSE = 0.85

DAMAGED_BELOW = 0.94
"""At most this where the township or village is mended by more than one error: the county is surer than the area."""

CONTRADICTED_MOST = 0.9
"""However well a county stands: what is said above it is another's. The label itself is in doubt."""


def confidence(found: Evidence, cost_below: float = 0.0) -> float:
    """Return the share of right counties among addresses of this evidence, 0 to 1.

    ``cost_below`` is what was mended in township and village (`Detail.cost`).
    """
    value = _share(found) if cost_below <= LOST else min(_share(found), DAMAGED_BELOW)
    return min(value, CONTRADICTED_MOST) if found.above == Above.CONTRADICTS else value


def _share(found: Evidence) -> float:
    key = (found.standing, found.above)
    if found.township and found.standing not in (Standing.BY_TOWNSHIP, Standing.BY_KNOWN_TOWNSHIP):
        return max(WITH_TOWNSHIP, SHARES.get(key, 0.0))
    if not found.adjoining:
        return APART.get(key, SELDOM_APART)
    return SHARES.get(key, SELDOM.get(found.above, SELDOM_ELSE))
