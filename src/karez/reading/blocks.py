"""Which lines of a label belong to the recipient and which to the sender: by marks, columns, persons and size of print.

A mark (收, 寄, To, From …) owns the lines below it up to the next mark, and no further to the right than the next mark
in its row. A mark that stands alone may be centred on its block. Where there are no marks, a name or a phone number
after an address begins the next block, and so does smaller print; the first block is the recipient's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from karez.reading import address_words, persons
from karez.reading.address_words import Kind
from karez.reading.printed_lines import PrintedLine

_SMALLER, _MUCH_SMALLER = 0.8, 0.6
"""A Chinese line lower than this share of its block's first line is other print; the second where marks part blocks."""
_SURE = 0.75  # a line without any word of a place counts as part of an address only if it was read so well
_FEW_FIGURES = 4  # a door, or a distance
_GAP, _NEXT = 3.0, 2.0  # line heights from one line of a block to the next: at most, and where they touch
_SAME_ROW = 1.5  # line heights
_ABOVE_MARK = 0.75, 1.5  # mark heights that a line may stand above a lone mark: after another block, and after none


@dataclass(slots=True)
class Block:
    """One person and one address: positions of their lines, in reading order."""

    persons: list[int] = field(default_factory=list)
    address: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Mark:
    position: int
    recipient: bool
    alone: bool
    line: PrintedLine


def blocks(lines: Sequence[PrintedLine]) -> tuple[Block | None, Block | None]:
    """Find the recipient's and the sender's block; lines must come in reading order."""
    level = [index for index, line in enumerate(lines) if abs(line.place.angle_deg) < 45]
    marks = [mark for index in level if (mark := _mark(index, lines[index])) is not None]
    owners = {index: _owner(lines[index], index, marks) for index in level}
    recipient = _marked(lines, level, marks, owners, recipient=True)
    sender = _marked(lines, level, marks, owners, recipient=False)
    taken = {index for block in (*recipient, *sender) for index in (*block.persons, *block.address)}
    if recipient and lines[recipient[0].address[0]].line.script == "Arab":
        recipient = [*_translated(lines, [i for i in level if owners[i] is None]), *recipient]
    if not recipient:
        free = [i for i in level if i not in taken and ((owner := owners[i]) is None or owner.recipient)]
        recipient = _unmarked(lines, free)
    if not sender and len(recipient) > 1:
        sender = recipient[1:]
    return next(iter(recipient), None), next(iter(sender), None)


def _mark(index: int, line: PrintedLine) -> _Mark | None:
    kind = address_words.kind_of(line.line.text)
    if kind not in (Kind.RECIPIENT, Kind.SENDER):
        return None
    alone = not address_words.without_mark(line.line.text).strip(" :：")
    return _Mark(index, kind is Kind.RECIPIENT, alone, line)


def _owner(line: PrintedLine, index: int, marks: Sequence[_Mark]) -> _Mark | None:
    """Find the nearest mark above a line (or beside it) in whose column the line stands."""
    owning = [mark for mark in marks if mark.position == index or _owns(mark, line, marks)]
    return max(owning, key=lambda mark: (mark.line.place.y, mark.line.place.x), default=None)


def _owns(mark: _Mark, line: PrintedLine, marks: Sequence[_Mark]) -> bool:
    place, own = line.place, mark.line.place
    others = [other for other in marks if other is not mark]
    after_another = any(other.line.place.y < own.y - own.height for other in others)
    above = (_ABOVE_MARK[0] if after_another else _ABOVE_MARK[1]) * own.height if mark.alone else 0.6 * own.height
    if place.y < own.y - above:
        return False
    left = own.x - own.width / 2 - own.height
    next_marks = [
        other.line.place.x - other.line.place.width / 2
        for other in others
        if abs(other.line.place.y - own.y) < _SAME_ROW * max(own.height, other.line.place.height)
        and other.line.place.x > own.x
    ]
    return left <= place.x < min(next_marks, default=float("inf"))


def _marked(
    lines: Sequence[PrintedLine],
    level: Sequence[int],
    marks: Sequence[_Mark],
    owners: dict[int, _Mark | None],
    recipient: bool,
) -> list[Block]:
    """Collect the blocks of one side's marks that hold an address, first mark first."""
    both = len({mark.recipient for mark in marks}) == 2
    found: list[Block] = []
    for mark in marks:
        if mark.recipient is recipient:
            own = [index for index in level if (owner := owners[index]) is not None and owner is mark]
            runs = list(_runs(lines, own, marked=True, smaller=_MUCH_SMALLER if both else _SMALLER))
            found += [run for run in runs[: 1 if both else None] if run.address]
    return found


def _unmarked(lines: Sequence[PrintedLine], level: Sequence[int]) -> list[Block]:
    """Collect blocks without marks; those with a name or a phone number first, as other print names places too."""
    runs = [run for run in _runs(lines, level, marked=False, smaller=_SMALLER) if run.address]
    return sorted(runs, key=lambda run: not _has_person(lines, run))


def _translated(lines: Sequence[PrintedLine], free: Sequence[int]) -> list[Block]:
    """Find the Chinese block above a Uyghur one whose own mark was not read: the same recipient in both scripts."""
    chinese = [run for run in _unmarked(lines, free) if lines[run.address[0]].line.script == "Hans"]
    return [run for run in chinese if _has_person(lines, run)][:1]


def _has_person(lines: Sequence[PrintedLine], block: Block) -> bool:
    people = (persons.person_in(lines[index].line.text) for index in (*block.persons, *block.address))
    return any(person.name or person.phone for person in people)


def _runs(lines: Sequence[PrintedLine], own: Sequence[int], marked: bool, smaller: float) -> Iterator[Block]:
    """Part a column of lines into blocks, each of one person and one address."""
    block = Block()
    for index in own:
        line = lines[index]
        role = _role(line, block, lines, marked)
        if role is None:
            if block.address and _in_column(lines[block.address[0]], line):
                yield block
                block = Block()
        elif role == "person":
            if block.address and not _same_person(lines, block, line):
                yield block
                block = Block()
            block.persons.append(index)
        elif role == "address":
            if block.address and not _goes_on(lines[block.address[0]], lines[block.address[-1]], line, smaller):
                if not _in_column(lines[block.address[0]], line):
                    continue
                yield block
                block = Block()
            block.address.append(index)
    yield block


def _role(line: PrintedLine, block: Block, lines: Sequence[PrintedLine], marked: bool) -> str | None:
    """Say what a line is in its block: its person, a part of its address, or neither."""
    text = line.line.text
    kind = address_words.kind_of(text)
    if kind is Kind.OTHER:
        return None
    person = persons.person_in(text)
    if address_words.is_place(person.rest):
        return "address"
    if person.name or person.phone:
        return "person"
    if not person.rest:
        return "mark" if kind in (Kind.RECIPIENT, Kind.SENDER) and not block.address else None
    if block.address:
        return "address" if _could_be_rest(line) else None
    if marked and line.line.script == "Latn" and person.rest.isalpha() and person.rest.istitle():
        return "person"  # one word: a name that was broken into lines
    if persons.is_name(person.rest) and not any(persons.is_name(lines[i].line.text) for i in block.persons):
        return "person" if marked else None
    return "address" if marked and line.line.script == "Latn" and _could_be_rest(line) and " " in person.rest else None


def _same_person(lines: Sequence[PrintedLine], block: Block, line: PrintedLine) -> bool:
    """Say whether a name or number right after an address is of its block: it brings what the block lacks."""
    last = lines[block.address[-1]].place
    if line.place.y - last.y > _NEXT * max(line.place.height, last.height):
        return False
    here = persons.person_in(line.line.text)
    known = [persons.person_in(lines[index].line.text) for index in block.persons]
    name = any(person.name or persons.is_name(person.rest) for person in known)
    return not (here.name and name) and not (here.phone and any(person.phone for person in known))


def _could_be_rest(line: PrintedLine) -> bool:
    """Tell the rest of an address from a masked phone number that was badly read."""
    figures = sum(character.isdigit() for character in line.line.text)
    return line.line.confidence >= _SURE and figures <= max(len(line.line.text) / 2, _FEW_FIGURES)


def _near(last: PrintedLine, line: PrintedLine) -> bool:
    return line.place.y - last.place.y <= _GAP * max(last.place.height, line.place.height)


def _goes_on(first: PrintedLine, last: PrintedLine, line: PrintedLine, smaller: float) -> bool:
    """Say whether a line continues the block: near below, beside no other column, and in no smaller print."""
    if not _near(last, line):
        return False
    if line.line.script == first.line.script == "Hans" and line.place.height < smaller * first.place.height:
        return False
    return _in_column(first, line)


def _in_column(first: PrintedLine, line: PrintedLine) -> bool:
    return abs(line.place.x - first.place.x) < (line.place.width + first.place.width) / 2
