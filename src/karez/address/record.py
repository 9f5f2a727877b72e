"""A resolution as `karez resolve --json` prints it: a contract, append-only, described in docs/reference/json.md."""

from collections.abc import Sequence

from karez.address.gazetteer import Gazetteer
from karez.address.parts.parse import Part
from karez.domain.destination import Candidate, Destination, Unresolved, UnresolvedReason


def as_record(
    text: str, result: Destination | Unresolved, gazetteer: Gazetteer, parts: Sequence[Part] | None = None
) -> dict[str, object]:
    """Return the fields of one line, in their order; ``parts`` is ``None`` where they were not asked for."""
    known = result if isinstance(result, Destination) else None
    return {
        "text": text,
        "province_name": known.province_name if known else None,
        "prefecture_name": known.prefecture_name if known else None,
        "county": known.county if known else None,
        "county_name": known.county_name if known else None,
        "former_name": known.former_name if known else None,
        "township": known.township if known else None,
        "township_name": known.township_name if known else None,
        "village": known.village if known else None,
        "village_name": known.village_name if known else None,
        "area": known.area if known else None,
        "confidence": known.confidence if known else 0.0,
        "reason": result.reason.value,
        "explanation": result.explanation,
        "candidates": [candidate_record(candidate) for candidate in result.candidates],
        "gazetteer": gazetteer.vintage,
        "level": level_reached(result),
        "parts": None if parts is None else [_part_record(part) for part in parts],
    }


def level_reached(result: Destination | Unresolved) -> str | None:
    """Return the deepest level that is known: ``village, township, county, prefecture, province``, or ``None``.

    Of an address that is too coarse it is the level of the one place it names; where candidates remain, none is known.
    """
    if isinstance(result, Destination):
        return _deepest(result) if result.village_name is None else "village"
    too_coarse = result.reason == UnresolvedReason.TOO_COARSE and len(result.candidates) == 1
    return _deepest(result.candidates[0]) if too_coarse else None


def _deepest(place: Destination | Candidate) -> str | None:
    levels = ("township", "county", "prefecture", "province")
    return next((level for level in levels if getattr(place, f"{level}_name") is not None), None)


def candidate_record(candidate: Candidate) -> dict[str, object]:
    """Return the fields of one candidate, in their order."""
    return {name: getattr(candidate, name) for name in Candidate.__dataclass_fields__}


def _part_record(part: Part) -> dict[str, object]:
    return {"label": part.label.value, "text": part.text, "start": part.start, "end": part.end}
