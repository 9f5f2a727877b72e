"""The JSON shapes of the commands: contracts, append-only, described in docs/reference/json.md."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from karez.address.learned import Standing
from karez.address.record import candidate_record
from karez.domain.destination import Destination, Unresolved
from karez.domain.learned import LearnedAnswer
from karez.domain.reading import UNDECODED, Code, Found, Line, NoRead, Party, Reading
from karez.domain.sorting import Assignment

_MOBILE = re.compile(r"(?<![0-9A-Za-z])(1)[3-9][0-9]{5}([0-9]{4})(?![0-9A-Za-z])")
_NO_PLAIN_TEXT = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def json_line(record: Mapping[str, Any]) -> str:
    """One line of JSON, readable as it is, that every reader of lines takes for one.

    What some take for the end of a line (NEL, U+2028, U+2029) or cannot encode (half a surrogate pair) is escaped.
    """
    line = json.dumps(record, ensure_ascii=False)
    return _NO_PLAIN_TEXT.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


def reading_record(file: str, outcome: Reading | NoRead) -> dict[str, Any]:
    """One line of ``karez read --json``."""
    waybill = outcome.waybill if isinstance(outcome, Reading) else None
    fields = {"waybill": waybill, "sort_code": outcome.sort_code, "address": outcome.address}
    return {
        "file": file,
        "ok": isinstance(outcome, Reading) or outcome.reason not in UNDECODED,
        "waybill": _value(waybill),
        "company": outcome.company if isinstance(outcome, Reading) else None,
        "sort_code": _value(outcome.sort_code),
        "address": _value(outcome.address),
        "codes": [_code(code) for code in outcome.codes],
        "lines": [_line(line) for line in outcome.lines],
        "reason": None if isinstance(outcome, Reading) else outcome.reason,
        "explanation": None if isinstance(outcome, Reading) else outcome.explanation,
        "candidates": [] if isinstance(outcome, Reading) else list(outcome.candidates),
        "sources": {name: _source(found) for name, found in fields.items() if found is not None},
        "ms": round(outcome.ms, 1),
        "labels": [{"frame": each.frame, "box": each.box, "waybills": list(each.waybills)} for each in outcome.labels],
        "recipient": _party(outcome.recipient),
        "sender": _party(outcome.sender),
        "weight_g": outcome.weight_g,
    }


def _code(code: Code) -> dict[str, Any]:
    return {
        "text": code.text,
        "format": code.format,
        "box": code.box,
        "frame": code.frame,
        "label": code.label,
        "gs1": [list(pair) for pair in code.elements],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "text": masked(line.text),
        "script": line.script,
        "confidence": round(line.confidence, 3),
        "box": line.box,
        "frame": line.frame,
        "label": line.label,
    }


def _party(party: Party | None) -> dict[str, Any] | None:
    """A block of the label; the reader has masked name and phone already, and nothing here undoes it."""
    if party is None:
        return None
    phone = None if party.phone is None else masked(party.phone)
    return {"name": party.name, "phone": phone, "address": _value(party.address)}


def masked(text: str) -> str:
    """Put stars for the middle of mobile numbers that a label prints in full (mainland China: 11 figures, 13 to 19)."""
    return _MOBILE.sub(lambda found: f"{found[1]}******{found[2]}", text)


def _value(found: Found | None) -> str | None:
    return None if found is None else found.value


def _source(found: Found) -> dict[str, Any]:
    return {
        "kind": found.source.kind,
        "indices": list(found.source.indices),
        "confidence": round(found.confidence, 3),
        "frame": found.source.frame,
        "read_as": found.read_as,
    }


def destination_record(where: Destination | Unresolved) -> dict[str, Any]:
    """Part ``destination`` of ``karez sort --json``."""
    if isinstance(where, Unresolved):
        return {
            "county": None,
            "area": None,
            "confidence": 0.0,
            "reason": where.reason,
            "explanation": where.explanation,
            "candidates": [candidate_record(each) for each in where.candidates],
        }
    return {
        "province_name": where.province_name,
        "prefecture_name": where.prefecture_name,
        "county": where.county,
        "county_name": where.county_name,
        "former_name": where.former_name,
        "township": where.township,
        "township_name": where.township_name,
        "village": where.village,
        "village_name": where.village_name,
        "area": where.area,
        "confidence": round(where.confidence, 3),
        "reason": where.reason,
        "explanation": where.explanation,
        "candidates": [candidate_record(each) for each in where.candidates],
    }


def assignment_record(chosen: Assignment) -> dict[str, Any]:
    """Part ``assignment`` of ``karez sort --json``."""
    return {
        "chute": chosen.chute,
        "alternatives": list(chosen.alternatives),
        "reason": chosen.reason,
        "explanation": chosen.explanation,
    }


def answer_record(answer: LearnedAnswer) -> dict[str, Any]:
    """One answer of a coding operator, as ``karez learn`` gives it."""
    return {
        "id": answer.id,
        "address": answer.address,
        "area": answer.area,
        "operator": answer.operator,
        "at": answer.at.isoformat(timespec="seconds"),
        "decides": answer.decides,
    }


def learned_record(address: str, answers: Sequence[LearnedAnswer], stands: Standing | None) -> dict[str, Any]:
    """One line of ``karez learn list --json``; ``stands`` is ``None`` where every answer names an area of the past."""
    counted = () if stands is None else stands.counted
    return {
        "address": address,
        "area": None if stands is None else stands.area,
        "areas": [] if stands is None else list(stands.areas),
        "confidence": 0.0 if stands is None else round(stands.confidence, 3),
        "disputed": stands is not None and stands.disputed,
        "answers": len(counted),
        "operators": [] if stands is None else list(stands.operators),
        "given": [_given(each) | {"counts": each in counted} for each in answers],
    }


def _given(answer: LearnedAnswer) -> dict[str, Any]:
    record = answer_record(answer)
    del record["address"]
    return record
