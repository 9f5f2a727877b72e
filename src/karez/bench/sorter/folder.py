"""The folder of one run: a hub's configuration, with the Kashi hub's plan, areas and sort codes."""

import json
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

from karez.bench.sorter.floor_model import CARRIERS, INDUCTIONS
from karez.sorter.plc.drivers import DRIVERS

_CONFIG = """\
# Written by `karez bench sorter`; the hub it runs is an ordinary one.
[hub]
name = "bench"
data_dir = "hub"
simulated = true

[store]
url = {store}

[address]
areas = {areas}
sort_codes = {codes}

[plan]
file = {plan}

[sorter]
driver = {driver}
role = {role}
port = {sorter_port}

[sorter.options]
{options}

[web]
port = {web_port}

[hall]
carriers = {carriers}
inductions = {inductions}
"""

_OPTIONS = {"osip": 'scanned = "target"'}
"""So that a question carries what the PLC's scanner read, as with the other drivers."""


@dataclass(frozen=True, slots=True)
class BenchFolder:
    """Where a run lives: the hub's configuration, and its sort plan."""

    root: Path
    config: Path
    plan: Path

    @property
    def camera(self) -> Path:
        """Drawn pictures."""
        return self.root / "camera"


def prepare(root: Path, example: Path, driver: str, store_url: str | None) -> BenchFolder:
    """Lay out a run's folder.

    Parameters
    ----------
    example
        Folder of the built-in Kashi hub.
    store_url
        Of the database; ``None`` for SQLite in the folder.
    """
    plan = root / "plan.toml"
    for name in ("plan.toml", "intercepts.txt", "returns.txt"):
        shutil.copy(example / name, root / name)
    config = root / "hub.toml"
    text = _CONFIG.format(
        store=json.dumps(store_url or f"sqlite:///{root / 'hub' / 'karez.db'}"),
        areas=json.dumps(str((example / "areas.toml").resolve())),
        codes=json.dumps(str((example / "sort_codes.toml").resolve())),
        plan=json.dumps(str(plan)),
        driver=json.dumps(driver),
        role=json.dumps(hub_role(driver)),
        sorter_port=free_port(),
        options=_OPTIONS.get(driver, ""),
        web_port=free_port(),
        carriers=CARRIERS,
        inductions=INDUCTIONS,
    )
    config.write_text(text, "utf-8")
    return BenchFolder(root, config, plan)


def hub_role(driver: str) -> str:
    """The end of the link that the hub is: it listens where the protocol lets it."""
    roles = DRIVERS[driver].capabilities.roles
    return "server" if "server" in roles else "client"


def free_port() -> int:
    """A port of the loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
