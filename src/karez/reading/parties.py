"""Recipient and sender as a label prints them: name and phone masked, address lines joined."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from karez.reading import persons
from karez.reading.blocks import Block, blocks
from karez.reading.printed_lines import Field, PrintedLine

_HAN = re.compile(r"[\u4e00-\u9fff]")
_NO_GAP = re.compile(r"[\u4e00-\u9fff]|[0-9]{2}")  # two characters between which Chinese is wrapped without a space


@dataclass(frozen=True, slots=True)
class PrintedParty:
    """One of the two blocks; see `karez.domain.reading.Party`."""

    name: str | None
    phone: str | None
    address: Field | None


def recipient(lines: Sequence[PrintedLine]) -> PrintedParty | None:
    """Find the recipient; lines must come in reading order."""
    return _party(lines, blocks(lines)[0])


def sender(lines: Sequence[PrintedLine]) -> PrintedParty | None:
    """Find the sender; lines must come in reading order."""
    return _party(lines, blocks(lines)[1])


def recipient_address(lines: Sequence[PrintedLine]) -> Field | None:
    """Join the recipient's address lines; lines must come in reading order."""
    block = blocks(lines)[0]
    return _address(lines, block) if block else None


def _party(lines: Sequence[PrintedLine], block: Block | None) -> PrintedParty | None:
    if block is None:
        return None
    name, phone = None, None
    for index in (*block.persons, *block.address):
        person = persons.person_in(lines[index].line.text)
        alone = person.rest if index in block.persons and persons.is_name(person.rest) else None
        name = name or person.name or (persons.masked_name(alone) if alone else None)
        phone = phone or person.phone
    return PrintedParty(name, phone, _address(lines, block))


def _joined(lines: Sequence[str]) -> str:
    """Put lines together: a Chinese address goes on where it was wrapped, other scripts after a space."""
    joined = ""
    for line in lines:
        wrapped = _HAN.search(joined + line) and _NO_GAP.search(joined[-1:] + line[:1])
        joined += line if wrapped or not joined else f" {line}"
    return joined


def _address(lines: Sequence[PrintedLine], block: Block) -> Field | None:
    if not block.address:
        return None
    confidence = min(lines[index].line.confidence for index in block.address)
    text = _joined([persons.person_in(lines[index].line.text).rest for index in block.address])
    return Field(text, tuple(block.address), confidence)
