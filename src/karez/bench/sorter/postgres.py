"""A PostgreSQL of the run's own: a fresh cluster in the run's folder, on a free port, ended with it."""

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from karez.bench.sorter.folder import free_port
from karez.domain.errors import KarezError, MissingPart
from karez.hub.process import end_with_parent

_DEBIAN = Path("/usr/lib/postgresql")
_USER = "postgres"  # made by Debian's package; the server refuses to run as root
_START_S = 30.0
_MADE = ("-U", "karez", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
_SETTINGS = ("fsync=on", "synchronous_commit=on", "full_page_writes=on", "unix_socket_directories=")
"""The server's defaults, written down: every commit is synced before it is answered."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server: its database's address, and the number of its first process."""

    url: str
    pid: int


@contextmanager
def own_cluster(folder: Path) -> Iterator[Cluster]:
    """Make and run a cluster; as root it runs as the user that Debian's package made for it.

    Raises
    ------
    MissingPart
        Where PostgreSQL is not installed.
    """
    programs, port = _programs(), free_port()
    data = folder / "postgresql"
    data.mkdir()
    rights: dict[str, Any] = {}
    if os.geteuid() == 0:
        user = pwd.getpwnam(_USER)
        os.chown(data, user.pw_uid, user.pw_gid)
        folder.chmod(0o711)  # the server's user must come through to its own folder
        rights = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    with (folder / "postgresql.log").open("ab") as log:
        made: list[str | Path] = [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "karez",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]
        subprocess.run(made, check=True, stdout=log, stderr=log, cwd="/", **rights)
        options = [word for setting in _SETTINGS for word in ("-c", setting)]
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            preexec_fn=end_with_parent,
            start_new_session=True,
            **rights,
        )
    try:
        _wait_until_up(programs, port, server)
        yield Cluster(f"postgresql+psycopg://karez@127.0.0.1:{port}/postgres", server.pid)
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _programs() -> Path:
    """Folder of the newest server that is installed."""
    found = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    if elsewhere is None:
        raise MissingPart("PostgreSQL's server", "apt-get install postgresql")
    return Path(elsewhere).resolve().parent


def _wait_until_up(programs: Path, port: int, server: "subprocess.Popen[bytes]") -> None:
    ends = time.monotonic() + _START_S
    ready: list[str | Path] = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    while subprocess.run(ready, check=False).returncode:
        if server.poll() is not None or time.monotonic() > ends:
            raise KarezError("PostgreSQL did not start; see postgresql.log in the run's folder")
        time.sleep(0.1)
