"""Rooms put together from settings: each is handed its own section and the paths it opens."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from rich.console import Console

from karez import settings as configuration
from karez.address.areas import Areas
from karez.address.gazetteer import Gazetteer
from karez.address.resolver import Resolver
from karez.address.sort_codes import SortCodes
from karez.settings import AddressSection, Loaded, Settings

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


def resolver(section: AddressSection) -> Resolver:
    """Resolver with the hub's areas and sort codes."""
    places = gazetteer()
    areas = Areas.load(section.areas, places) if section.areas else None
    codes = SortCodes.load(section.sort_codes) if section.sort_codes else None
    return Resolver(places, areas, codes)


def page_address(settings: Settings) -> str:
    """Address of the hub's pages."""
    host = settings.web.host
    return f"http://[{host}]:{settings.web.port}/" if ":" in host else f"http://{host}:{settings.web.port}/"
