"""The recipient's address alone, and the questions that choosing lines to read asks of single lines."""

from collections.abc import Sequence

from karez.reading import address_words, parties, persons
from karez.reading.address_words import Kind
from karez.reading.printed_lines import Field, PrintedLine


def recipient_address(lines: Sequence[PrintedLine]) -> Field | None:
    """Join the recipient's address lines; lines must come in reading order."""
    return parties.recipient_address(lines)


def without_person(text: str) -> str:
    """Take block marks, names and phone numbers out of a line."""
    return persons.person_in(text).rest


def begins_block(text: str) -> bool:
    """Say whether a line is, or starts with, a mark of recipient or sender."""
    return address_words.kind_of(text) in (Kind.RECIPIENT, Kind.SENDER)


def is_person(text: str) -> bool:
    """Say whether a line holds a name or a phone number."""
    return persons.has_phone(text) or persons.has_masked_name(text)
