"""Rooms put together from settings: each is handed its own section and the paths it opens."""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

from rich.console import Console

from karez import settings as configuration
from karez.address.areas.areas import Areas
from karez.address.gazetteer import SHIPPED, Gazetteer
from karez.address.learned import Answers, AnswersInMemory, LearnedAddresses
from karez.address.resolver import Resolver
from karez.address.sort_codes import SortCodes
from karez.domain.errors import StoreError
from karez.eventstore.database import sqlite_file
from karez.eventstore.store import EventStore, utc_now
from karez.settings import Loaded, Settings

stderr = Console(stderr=True, highlight=False)


def example() -> Path:
    """Folder of the built-in Kashi hub: in the installed package, or in the checkout beside it."""
    package = Path(__file__).parent.parent
    installed = package / "examples" / "kashi"
    return installed if installed.is_dir() else package.parent.parent / "examples" / "kashi"


def load_settings(named: Path | None, quiet: bool = False) -> Loaded:
    """Settings in force; says so (unless ``quiet``) when they are the built-in demo hub's."""
    file = configuration.find_config(named)
    if file is not None:
        return configuration.load(file)
    if not quiet:
        stderr.print("no --config, KAREZ_CONFIG or ./hub.toml: using the built-in Kashi demo hub", style="dim")
    # The built-in hub may lie in an installed package: its data belong where it is run.
    overrides = {"hub": {"data_dir": Path("var/kashi").resolve()}}
    return replace(configuration.load(example() / "hub.toml", overrides), built_in=True)


@cache
def gazetteer() -> Gazetteer:
    """The shipped gazetteer, loaded once a process."""
    return Gazetteer.load()


def resolver(settings: Settings, answers: Answers | None = None) -> Resolver:
    """Resolver with the hub's areas and sort codes, and what operators taught (left out: nothing)."""
    places, section = gazetteer(), settings.address
    areas = Areas.load(section.areas, places) if section.areas else None
    codes = SortCodes.load(section.sort_codes) if section.sort_codes else None
    half_life = timedelta(days=settings.learning.half_life_days)
    learned = LearnedAddresses(answers, places, areas, half_life, utc_now) if answers else None
    return Resolver(places, areas, codes, learned)


def hashes(settings: Settings) -> dict[str, str]:
    """SHA-256 of what decides beside the plan: the areas file, and the gazetteer."""
    found = {"gazetteer": sha256(SHIPPED.read_bytes()).hexdigest()}
    if settings.address.areas is not None:
        found["areas"] = sha256(settings.address.areas.read_bytes()).hexdigest()
    return found


def taught_so_far(settings: Settings) -> AnswersInMemory:
    """What operators taught until now; nothing where there is no store yet.

    Raises
    ------
    StoreError
        When the store is of another version.
    """
    path = sqlite_file(settings.store_url)
    if path is not None and not path.exists():
        return AnswersInMemory(())
    store = EventStore.open_reading(settings.store_url)
    try:
        return AnswersInMemory(store.learned.all())
    finally:
        store.close()


def taught_if_readable(settings: Settings) -> AnswersInMemory:
    """What operators taught, for commands that can do without; says so where the store cannot be read."""
    try:
        return taught_so_far(settings)
    except StoreError as error:
        stderr.print(f"learned addresses are left out: {error}", style="dim", markup=False)
        return AnswersInMemory(())


def page_address(settings: Settings) -> str:
    """Address of the hub's pages."""
    host = settings.web.host
    return f"http://[{host}]:{settings.web.port}/" if ":" in host else f"http://{host}:{settings.web.port}/"
