"""The fields of one parcel from its lines and codes: each frame tells its own, and the frames vote."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from karez.domain.reading import Code, Found, Party, Source, SourceKind
from karez.reading import parties, sort_codes, votes, weighings
from karez.reading.parties import PrintedParty
from karez.reading.printed_lines import Field, PrintedLine

_IN_CODE = 0.99  # confidence of a field that stands in a code


@dataclass(frozen=True, slots=True)
class Fields:
    """What a parcel's labels say beside its number; as in `karez.domain.reading.Reading`."""

    sort_code: Found | None = None
    recipient: Party | None = None
    sender: Party | None = None
    weight_g: int | None = None

    @property
    def address(self) -> Found | None:
        """The recipient's."""
        return self.recipient.address if self.recipient else None


@dataclass(frozen=True, slots=True)
class Face:
    """The parcel's own lines of one frame, with their positions among the lines of all frames."""

    frame: int
    lines: tuple[PrintedLine, ...]
    positions: tuple[int, ...]

    def found(self, field: Field | None) -> Found | None:
        """Say of a field where it stands."""
        if field is None:
            return None
        indices = tuple(self.positions[line] for line in field.lines)
        return Found(field.value, Source(SourceKind.LINE, self.frame, indices), field.confidence, field.read_as)


def fields_of(faces: Sequence[Face], codes: Sequence[tuple[int, Code]]) -> Fields:
    """Find the fields on all faces; ``codes`` are the parcel's own, with their positions among all codes."""
    weight = votes.voted(_each(face.found(weighings.weight(face.lines)) for face in faces))
    return Fields(
        _sort_code(faces, codes),
        _party(faces, parties.recipient),
        _party(faces, parties.sender),
        None if weight is None else int(weight.value),
    )


def _sort_code(faces: Sequence[Face], codes: Sequence[tuple[int, Code]]) -> Found | None:
    printed = votes.voted(_each(face.found(sort_codes.sort_code(face.lines)) for face in faces))
    if printed is not None:
        return printed
    for position, code in codes:
        value = sort_codes.sort_code_in(code.text)
        if value is not None:
            return Found(value, Source(SourceKind.CODE, code.frame, (position,)), _IN_CODE)
    return None


def _party(faces: Sequence[Face], find: Callable[[Sequence[PrintedLine]], PrintedParty | None]) -> Party | None:
    printed = [(face, party) for face in faces if (party := find(face.lines)) is not None]
    if not printed:
        return None
    address = votes.voted(_each(face.found(party.address) for face, party in printed))
    names = _most(party.name for _, party in printed)
    return Party(names, _most(party.phone for _, party in printed), address)


def _each(found: Iterable[Found | None]) -> list[Found]:
    return [each for each in found if each is not None]


def _most(values: Iterable[str | None]) -> str | None:
    """Value that most faces agree on; where that is open, the same whatever their order."""
    counted = Counter(value for value in values if value is not None)
    return max(counted, key=lambda value: (counted[value], value), default=None)
