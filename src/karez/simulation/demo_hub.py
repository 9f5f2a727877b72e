"""Makes the working folder of a demo: the Kashi hub's files, with this day's lists and ports of its own."""

import fcntl
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from karez.domain.errors import BadInput
from karez.simulation.demand import intercepts, returns
from karez.simulation.planned import PlannedParcel

_MARK = ".karez-demo"
_CONFIG = """\
# Written by `karez demo`; the hub it runs is an ordinary one.
[hub]
name = {name}
log = "text"
data_dir = "hub"
simulated = true

[reading]
# The hall waits for the hub (lock-step), so that a slow machine changes nothing in what happens.
deadline_ms = 30000
# Nothing is timed here, and much else may run on a machine that shows a demo.
yields = false

[address]
areas = {areas}
sort_codes = {codes}

[plan]
file = {plan}

[sorter]
port = {sorter_port}

[web]
port = {web_port}
"""
_CODING = """
[coding]
ask = true
"""


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """Where a demo lives: ``config`` is the hub's, ``plan`` the sort plan with this day's lists."""

    root: Path
    config: Path
    plan: Path

    @property
    def camera(self) -> Path:
        """Pictures as the simulated camera took them."""
        return self.root / "camera"


@contextmanager
def alone_in(root: Path) -> Iterator[None]:
    """Hold a demo's folder for one demo; a second one must not empty it under the first.

    Raises
    ------
    BadInput
        While another demo runs there.
    """
    root.parent.mkdir(parents=True, exist_ok=True)
    with root.with_name(f"{root.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BadInput(
                "another demo runs in this folder", str(root), "end it, or name another with --data"
            ) from None
        yield


def prepare(
    root: Path,
    example: Path,
    parcels: Sequence[PlannedParcel],
    web_port: int,
    sorter_port: int,
    name: str,
    *,
    coding: bool = False,
) -> DemoFolder:
    """Lay out a fresh demo folder; what an earlier demo left in it is removed.

    Parameters
    ----------
    coding
        Whether the hub asks coding operators.

    Raises
    ------
    BadInput
        When the folder holds anything that is not a demo's.
    """
    if root.exists() and any(root.iterdir()):
        if not (root / _MARK).exists():
            raise BadInput("is not empty, and no earlier demo's folder", str(root), "name another with --data")
        shutil.rmtree(root)
    root.mkdir(parents=True, exist_ok=True)
    (root / _MARK).touch()
    plan = root / "plan.toml"
    shutil.copy(example / "plan.toml", plan)
    _list(root / "intercepts.txt", intercepts(parcels))
    _list(root / "returns.txt", returns(parcels))
    config = root / "hub.toml"
    config.write_text(
        _CONFIG.format(
            name=json.dumps(name, ensure_ascii=False),
            areas=json.dumps(str((example / "areas.toml").resolve())),
            codes=json.dumps(str((example / "sort_codes.toml").resolve())),
            plan=json.dumps(str(plan.resolve())),
            sorter_port=sorter_port,
            web_port=web_port,
        )
        + (_CODING if coding else ""),
        "utf-8",
    )
    return DemoFolder(root, config, plan)


def _list(path: Path, waybills: Sequence[str]) -> None:
    """Side file of the plan: the waybill numbers that are to be stopped or sent back today."""
    path.write_text("".join(f"{waybill}\n" for waybill in waybills), "utf-8")
