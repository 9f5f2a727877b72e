"""How well addresses are cut into their parts: span-exact precision, recall and F1 on an NCAP-labelled file."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from karez.address.gazetteer import Gazetteer
from karez.address.parts.parse import parse
from karez.domain.errors import BadInput

Span = tuple[int, int, str]
"""Start and end (characters of the text), and label."""


@dataclass(frozen=True, slots=True)
class LabelledAddress:
    """One address with the spans that people gave it, in order."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class LabelScore:
    """How one label fared.

    Attributes
    ----------
    true, found, right
        Spans that have the label, that were given it, and both: the same start, end and label.
    """

    true: int
    found: int
    right: int

    @property
    def precision(self) -> float:
        """Share of the spans found that are right; 0 where none was found."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of the true spans that were found; 0 where there are none."""
        return self.right / self.true if self.true else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.right / (self.true + self.found) if self.true + self.found else 0.0


@dataclass(frozen=True, slots=True)
class PartScores:
    """How a split fared.

    Attributes
    ----------
    addresses, exact
        How many there are, and of how many every span is right.
    overall
        Over the spans of all labels together (micro average), ``redundant`` included: what `conlleval` prints, and
        what Li, Lu, Xie and Li (NAACL 2019) give for NCAP.
    labels
        The same for each label, the most frequent first.
    """

    addresses: int
    exact: int
    overall: LabelScore
    labels: dict[str, LabelScore]


def score_parts(data: Path, gazetteer: Gazetteer, split: str = "dev") -> PartScores:
    """Parse every address of an NCAP split and hold the parts against its labels.

    Parameters
    ----------
    data
        The folder with ``train.txt``, ``dev.txt``.
    gazetteer
        The places whose names are known.
    split
        Which file.

    Raises
    ------
    BadInput
        Where the file cannot be read or a line of it is no ``token TAG``.
    """
    true: Counter[str] = Counter()
    found: Counter[str] = Counter()
    right: Counter[str] = Counter()
    addresses = exact = 0
    for address in labelled(data / f"{split}.txt"):
        spans = {(part.start, part.end, part.label.value) for part in parse(address.text, gazetteer)}
        expected = set(address.spans)
        true.update(label for _, _, label in expected)
        found.update(label for _, _, label in spans)
        right.update(label for _, _, label in spans & expected)
        addresses += 1
        exact += spans == expected
    labels = {label: LabelScore(count, found[label], right[label]) for label, count in true.most_common()}
    labels |= {label: LabelScore(0, count, 0) for label, count in found.items() if label not in labels}
    return PartScores(addresses, exact, LabelScore(true.total(), found.total(), right.total()), labels)


def labelled(path: Path) -> Iterator[LabelledAddress]:
    """Yield the addresses of a file: lines ``token TAG``, an empty line behind each address.

    A tag is ``B-label`` or ``I-label``, in any case; as in `conlleval`, an ``I-`` of another label than the one before
    it begins a span. Tokens are characters and runs of digits or of Latin letters. The corpus has no spaces; where two
    runs of digits stand side by side, a space is put between them, or they would be one number.
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(f"labelled addresses cannot be read ({type(fault).__name__})", str(path)) from fault
    block: list[tuple[str, str]] = []
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            token, _, tag = line.strip().rpartition(" ")
            if not token or tag[:2] not in ("B-", "I-"):
                raise BadInput("no token and tag", f"{path}:{number}")
            block.append((token, tag))
        elif block:
            yield _address(block)
            block = []


def _address(block: list[tuple[str, str]]) -> LabelledAddress:
    text, spans, last = "", list[Span](), ""
    for token, tag in block:
        label = tag[2:].lower()
        if last.isdigit() and token.isdigit():
            text += " "
        if tag[0] == "B" or not spans or spans[-1][2] != label:
            spans.append((len(text), len(text) + len(token), label))
        else:
            spans[-1] = (spans[-1][0], len(text) + len(token), label)
        text, last = text + token, token
    return LabelledAddress(text, tuple(spans))
