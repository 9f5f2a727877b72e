from pathlib import Path

import pytest

from karez.address.areas.areas import Areas
from karez.address.gazetteer import Gazetteer
from karez.address.resolver import Resolver
from karez.address.sort_codes import SortCodes

KASHI = Path(__file__).parents[2] / "examples" / "kashi"


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture(scope="session")
def areas(gazetteer: Gazetteer) -> Areas:
    return Areas.load(KASHI / "areas.toml", gazetteer)


@pytest.fixture(scope="session")
def resolver(gazetteer: Gazetteer, areas: Areas) -> Resolver:
    return Resolver(gazetteer, areas, SortCodes.load(KASHI / "sort_codes.toml"))
