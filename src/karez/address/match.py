"""Address text → destination or, with its reason, none: the door of everything that reads addresses."""

from karez.address.areas.areas import Areas
from karez.address.chain import Claim, claims
from karez.address.coarse import covered
from karez.address.contest import LEAST_SCORE, contest, detail_of, leaders
from karez.address.detail import Detail
from karez.address.foreign import find_foreign, foreign_detail, has_foreign, is_foreign, says_county
from karez.address.gazetteer import Gazetteer
from karez.address.mentions import Mention
from karez.address.normalise import clean
from karez.address.verdict import destination, too_coarse, unresolved
from karez.domain.destination import Destination, DestinationReason, Unresolved, UnresolvedReason

LONGEST_TEXT = 2_000
"""Characters from which a text is no address any more (a label holds a few hundred, with both parties and remarks)."""


def resolve(text: str, gazetteer: Gazetteer, areas: Areas | None = None) -> Destination | Unresolved:
    """Resolve an address to a place of today's map.

    Parameters
    ----------
    text
        One address, as read or typed: Chinese, Uyghur (Arabic script) or Latin.
    gazetteer, areas
        The places, and the delivery areas of this hub (``None`` leaves ``area`` empty). With areas, a province or
        prefecture alone is a destination where one area serves the whole of it.

    Returns
    -------
    Destination | Unresolved
        Never raises: what cannot be resolved is a value with its reason and the candidates.
    """
    refused = no_address(text)
    if refused is not None:
        return refused
    cleaned = clean(text, gazetteer.traditional)
    if is_foreign(cleaned):
        return _resolve_foreign(cleaned, gazetteer, areas)
    found = _resolve_chinese(cleaned, gazetteer, areas)
    if isinstance(found, Unresolved) and has_foreign(cleaned):
        second = _resolve_foreign(cleaned, gazetteer, areas)
        return second if _is_better(second, found) else found
    return found


def no_address(text: str) -> Unresolved | None:
    """Return why a text cannot be an address at all, ``None`` where it may be one."""
    if len(text) > LONGEST_TEXT:
        why = f"The text has {len(text)} characters, an address {LONGEST_TEXT} at most: give one address a line."
        return Unresolved(UnresolvedReason.NOT_AN_ADDRESS, why)
    if not text.strip():
        return Unresolved(UnresolvedReason.NO_ADDRESS, "There is no address text.")
    if not any(map(str.isalpha, text)):
        return Unresolved(UnresolvedReason.NOT_AN_ADDRESS, "There is no letter in the text, only digits or signs.")
    return None


def _is_better(second: Destination | Unresolved, first: Unresolved) -> bool:
    """Whether the foreign words tell more: a province among them is nothing beside a Chinese place."""
    if isinstance(second, Unresolved):
        return False
    return second.reason != DestinationReason.AREA_COVERS or first.reason == UnresolvedReason.UNKNOWN_PLACE


def _resolve_chinese(text: str, gazetteer: Gazetteer, areas: Areas | None) -> Destination | Unresolved:
    rivals, mentions = contest(text, gazetteer)
    if len(rivals) != 1:
        return _undecided(text, rivals, mentions, gazetteer, areas)
    return destination(rivals[0], detail_of(text, rivals[0], gazetteer), text, gazetteer, areas)


def winner(text: str, gazetteer: Gazetteer) -> tuple[Claim, Detail] | None:
    """Return what `resolve` decides a Chinese address by, ``None`` where it does not: confidences are counted by it."""
    cleaned = clean(text, gazetteer.traditional)
    rivals, _ = contest(cleaned, gazetteer)
    return (rivals[0], detail_of(cleaned, rivals[0], gazetteer)) if len(rivals) == 1 else None


def _resolve_foreign(text: str, gazetteer: Gazetteer, areas: Areas | None) -> Destination | Unresolved:
    mentions = find_foreign(text, gazetteer)
    rivals = leaders([claim for claim in claims(mentions, gazetteer, any_order=True) if claim.score >= LEAST_SCORE])
    if len(rivals) != 1:
        return _undecided(text, rivals, mentions, gazetteer, areas)
    if says_county(text) and gazetteer.places[rivals[0].county].name.endswith("市"):
        return _undecided(text, [], mentions, gazetteer, areas)
    detail = foreign_detail(text, mentions, rivals[0].county, gazetteer)
    return destination(rivals[0], detail, text, gazetteer, areas, other_script=True)


def _undecided(
    text: str, rivals: list[Claim], mentions: list[Mention], gazetteer: Gazetteer, areas: Areas | None
) -> Destination | Unresolved:
    if rivals:
        return unresolved(UnresolvedReason.AMBIGUOUS, rivals, gazetteer, areas)
    whole = covered(text, mentions, gazetteer, areas) if areas else None
    if whole is not None:
        return whole
    coarse = too_coarse(mentions, gazetteer, areas)
    return coarse or unresolved(UnresolvedReason.UNKNOWN_PLACE, [], gazetteer, areas)
