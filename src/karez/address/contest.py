"""The contest of counties in a Chinese address: who is named, who is meant by damaged words, and who remains."""

from functools import lru_cache

from karez.address.chain import MARGIN, Claim, claims
from karez.address.closest import closest_county
from karez.address.detail import Detail, below_county
from karez.address.gazetteer import Gazetteer
from karez.address.mentions import Mention, find_upper
from karez.address.places import Level, NameKind
from karez.address.repair import Mender
from karez.address.second import second_address
from karez.address.township import claims_by_township, townships, with_township, without_beginnings

FIRM_SCORE = 9.0
"""A full name at the beginning, or one that is supported."""

LEAST_SCORE = 5.0
"""A claim below it is a word that happens to be a place name."""

_TOWNS = ("镇", "乡")
"""Behind a county's short name they make a township's of it: 莎车镇."""


def contest(text: str, gazetteer: Gazetteer) -> tuple[list[Claim], list[Mention]]:
    """Return the claims that remain, best one alone if it is clear, and the mentions they rest on.

    From the cheap to the dear: names as they stand, names with one error, townships that tell counties apart, a county
    that stands alone, and at last whatever the text comes nearest to.
    """
    mentions = without_beginnings(find_upper(text, gazetteer.upper), text, gazetteer)
    found = _rank(text, mentions, gazetteer)
    repairs = [] if _is_settled(found) else _repairs(text, mentions, gazetteer)
    if repairs:
        mentions = [m for m in mentions if not _is_part(m, repairs)] + repairs
        found = _rank(text, mentions, gazetteer)
    rivals = leaders(found)
    if len(rivals) > 1:
        rivals = _split_by_detail(text, rivals, gazetteer)
    if not rivals:
        rivals = _lone(text, mentions, gazetteer)
    if len(rivals) != 1 or _is_weak(rivals[0], text, gazetteer):
        rivals = _closest(text, mentions, rivals, gazetteer) or rivals
    if len(rivals) == 1:
        rivals += second_address(text, rivals[0], mentions, gazetteer)
    return rivals, mentions


def _repairs(text: str, mentions: list[Mention], gazetteer: Gazetteer) -> list[Mention]:
    """Return mended names, but none over a township that is named in full."""
    towns = townships(text, mentions, gazetteer)
    mended = mender_for(gazetteer).mentions(text, mentions)
    return [m for m in mended if not any(t.start <= m.start and m.end <= t.end for t in towns)]


def _is_weak(claim: Claim, text: str, gazetteer: Gazetteer) -> bool:
    """Whether a claim may be a better one's remains: a mended or short name without a township of it as it stands.

    A township that stands for its county is weak where words before it may be the beginning of its name.
    """
    mention = claim.mention
    if mention.level == Level.TOWNSHIP:
        return claim.contradicted or (claim.gap > 0 and not claim.supported)
    doubtful = mention.cost > 0 or claim.contradicted or mention.kind in (NameKind.SHORT, NameKind.ALIAS)
    if not doubtful or len(text) <= mention.end + 1:
        return False
    detail = detail_of(text, claim, gazetteer)
    return detail.township is None or detail.mended


def _closest(text: str, mentions: list[Mention], rivals: list[Claim], gazetteer: Gazetteer) -> list[Claim]:
    """Return the county that a damaged text comes nearest to by its own and its township's name together, if any does.

    Against claims that stand, it must have a township's name to speak for it; between several that are named as they
    are, it decides for one of them or for none.
    """
    found = closest_county(text, mentions, gazetteer)
    if found is None or (rivals and found.township is None):
        return []
    if len(rivals) > 1 and any(map(_stands, rivals)) and found.place not in {rival.county for rival in rivals}:
        return []
    mention = found.county or found.township
    if mention is None:
        return []
    return [Claim(mention, found.place, LEAST_SCORE, None, None, contradicted=False)]


def _stands(claim: Claim) -> bool:
    """Whether a claim rests on a name as it is, and not on what may be the end of a longer one."""
    by_township = claim.mention.level == Level.TOWNSHIP
    return not claim.mention.cost and not (by_township and claim.gap > 0 and not claim.supported)


def _lone(text: str, mentions: list[Mention], gazetteer: Gazetteer) -> list[Claim]:
    """Return the county that a text without any other known name begins with, misspelt."""
    if any(not m.cost for m in mentions):
        return []
    mention = mender_for(gazetteer).lone_county(text)
    return [Claim(mention, mention.place, LEAST_SCORE, None, None, contradicted=False)] if mention else []


def leaders(found: list[Claim]) -> list[Claim]:
    """Return the claims near the best one, which is the first."""
    return [claim for claim in found if found[0].score - claim.score < MARGIN]


def _rank(text: str, mentions: list[Mention], gazetteer: Gazetteer) -> list[Claim]:
    """Return the claims worth considering: by county names, and where those are weak by townships."""
    found = [claim for claim in claims(mentions, gazetteer) if claim.score >= LEAST_SCORE]
    if not _is_settled(found):
        towns = townships(text, mentions, gazetteer)
        found = [with_township(claim, towns, gazetteer) for claim in found if not _is_piece(claim.mention, towns)]
        by_towns = claims_by_township(towns, mentions, gazetteer)
        found += [claim for claim in by_towns if claim.score >= LEAST_SCORE or not claim.contradicted]
        found.sort(key=lambda claim: -claim.score)
    return _one_each(found)


def _is_piece(mention: Mention, towns: list[Mention]) -> bool:
    """Whether a short county name is only the beginning of a township's: 望城 in 望城坡街道."""
    return mention.kind == NameKind.SHORT and any(t.start <= mention.start and mention.end < t.end for t in towns)


def _is_part(mention: Mention, repairs: list[Mention]) -> bool:
    """Whether a short name is only a piece of a much longer mended one: 黔西 in 黔西南布依族苗族自治州."""
    length = mention.end - mention.start
    return mention.kind == NameKind.SHORT and any(
        r.start <= mention.start and mention.end <= r.end and r.end - r.start >= length + 3 for r in repairs
    )


def _one_each(found: list[Claim]) -> list[Claim]:
    best: dict[int, Claim] = {}
    for claim in found:
        best.setdefault(claim.county, claim)
    return list(best.values())


def _is_settled(found: list[Claim]) -> bool:
    """Whether one claim leads and nothing about it invites doubt: then neither townships nor repairs are tried."""
    if len(leaders(found)) != 1:
        return False
    best = found[0]
    whole = best.mention.kind in (NameKind.FULL, NameKind.FORMER) or (best.prefecture is not None and best.gap <= 1)
    exact = best.mention.level == Level.COUNTY and not best.mention.cost and not best.contradicted
    return whole and exact and best.score >= FIRM_SCORE


def _split_by_detail(text: str, rivals: list[Claim], gazetteer: Gazetteer) -> list[Claim]:
    """Let a township decide between counties of one name."""
    details = [detail_of(text, claim, gazetteer) for claim in rivals]
    for mended in (False, True):
        known = [c for c, d in zip(rivals, details, strict=True) if d.township is not None and (mended or not d.mended)]
        if known:
            return known[:1] if len(known) == 1 or _is_one_place(details) else rivals
    return rivals


def _is_one_place(details: list[Detail]) -> bool:
    """Whether all of them lead to one township: it moved, and the text names the county it left."""
    return len({detail.township.id for detail in details if detail.township is not None}) == 1


def detail_of(text: str, claim: Claim, gazetteer: Gazetteer) -> Detail:
    """Return what stands below the county of a claim."""
    mention = claim.mention
    if mention.level == Level.TOWNSHIP or (
        mention.kind == NameKind.SHORT and text[mention.end : mention.end + 1] in _TOWNS
    ):
        return below_county(text, claim.county, mention.start, gazetteer)
    return below_county(text, claim.county, mention.end, gazetteer, before=mention.start)


@lru_cache(maxsize=2)
def mender_for(gazetteer: Gazetteer) -> Mender:
    """Return the mender of a gazetteer; its index is made at the first text that needs it."""
    return Mender(gazetteer)
