"""`karez hub`: all processes of a hub, started and stopped together; `karez config check`."""

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from karez import settings as configuration
from karez.cli import compose, logs
from karez.cli.preflight import check_free
from karez.cli.supervisor import Supervisor
from karez.domain.errors import BadConfig
from karez.hub.plan_desk import area_ids
from karez.sorter.plc.drivers import driver_of
from karez.sortplan.plan import SortPlan
from karez.web.access import check_settings

log = logging.getLogger("karez.supervisor")
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help="The hub's configuration (TOML); else KAREZ_CONFIG, else ./hub.toml, else the built-in Kashi hub.",
        show_default=False,
    ),
]


def hub(config: Config = None) -> None:
    """Run the hub: control, reader workers and web, until Ctrl-C or SIGTERM."""
    loaded = compose.load_settings(config)
    check_all(loaded)
    loaded.settings.hub.data_dir.mkdir(parents=True, exist_ok=True)
    check_free(loaded.settings)
    logs.set_up(loaded.settings.hub, "supervisor")
    _greet(loaded.settings)
    sys.exit(Supervisor(loaded).run())


def _greet(settings: configuration.Settings) -> None:
    """Say where the data and the pages are."""
    lines = (f"hub {settings.hub.name}: data in {settings.hub.data_dir}", f"pages at {compose.page_address(settings)}")
    for line, style in zip(lines, ("", "bold"), strict=True):
        if logs.as_json(settings.hub):
            log.info("%s", line)
        else:
            compose.stderr.print(line, style=style)


def check_all(loaded: configuration.Loaded) -> None:
    """Open every file that the configuration names; raises `BadConfig` with line and field."""
    settings = loaded.settings
    resolver = compose.resolver(settings)
    if settings.plan.file is None:
        raise BadConfig(str(loaded.file or "settings"), [(0, "plan.file", "a hub needs a sort plan; name its file")])
    SortPlan.load(settings.plan.file, area_ids(resolver))
    check_driver(loaded)
    check_settings(settings.web)


def check_driver(loaded: configuration.Loaded) -> None:
    """Look at what the sorter's driver makes of its settings; raises `BadConfig` with file, line and field."""
    file, sorter = loaded.file, loaded.settings.sorter
    text = "" if file is None else file.read_text("utf-8")
    try:
        driver_of(sorter)
    except BadConfig as bad:
        raise _placed(str(file or "settings"), text, bad) from None
    for field in ("tls_cert", "tls_key", "tls_ca"):
        path = getattr(sorter, field)
        if path is not None and not path.is_file():
            line = configuration.line_of(text, "sorter", field)
            raise BadConfig(str(file or "settings"), [(line, f"sorter.{field}", f"there is no file {path}")])


def _placed(file: str, text: str, bad: BadConfig) -> BadConfig:
    """The same faults, with the file and the lines on which their fields stand."""
    return BadConfig(file, [(_line(text, field), field, what) for _, field, what in bad.faults])


def _line(text: str, field: str) -> int:
    section, _, name = field.rpartition(".")
    return configuration.line_of(text, section, name) or configuration.line_of(text, "sorter", "driver")


config_app = typer.Typer(help="The hub's configuration.", no_args_is_help=True)


@config_app.command("check")
def config_check(file: Annotated[Path, typer.Argument(help="Configuration file (TOML).")]) -> None:
    """Check a configuration and every file it names: areas, sort codes, plan."""
    loaded = configuration.load(configuration.find_config(file))
    check_all(loaded)
    typer.echo(f"{file}: good; plan {loaded.settings.plan.file}, areas {loaded.settings.address.areas}")


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(hub)
    app.add_typer(config_app, name="config")
