"""A PostgreSQL of the run's own: a fresh cluster in the run's folder, on a free port, ended with it."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from karez.bench.sorter.folder import free_port
from karez.bench.sorter.processes import offspring, processes
from karez.domain.errors import KarezError, MissingPart
from karez.hub.process import end_with_parent

_DEBIAN = Path("/usr/lib/postgresql")
_USER = "postgres"  # made by Debian's package; the server refuses to run as root
_START_S = 30.0
_GONE_S = 5.0
_MADE = ("-U", "karez", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
_SETTINGS = ("fsync=on", "synchronous_commit=on", "full_page_writes=on", "unix_socket_directories=")
"""The server's defaults, written down: every commit is synced before it is answered."""


class Server:
    """A database server and its data, which outlive each other as they do in a hub.

    Attributes
    ----------
    url
        SQLAlchemy address of its database.
    """

    def __init__(self, folder: Path) -> None:
        self._programs, self._port = _programs(), free_port()
        self._data, self._log = folder / "postgresql", folder / "postgresql.log"
        self._rights = self._give_to_its_user(folder)
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"postgresql+psycopg://karez@127.0.0.1:{self._port}/postgres"

    @property
    def pid(self) -> int:
        """Number of the server's first process, which leads its group."""
        if self._process is None:
            raise KarezError("the server does not run")
        return self._process.pid

    def _give_to_its_user(self, folder: Path) -> dict[str, Any]:
        """Make the data's folder; as root, the user that Debian's package made gets it."""
        self._data.mkdir()
        if os.geteuid() != 0:
            return {}
        user = pwd.getpwnam(_USER)
        os.chown(self._data, user.pw_uid, user.pw_gid)
        folder.chmod(0o711)  # the server's user must come through to its own folder
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def make(self) -> None:
        """Make an empty cluster."""
        made: list[str | Path] = [self._programs / "initdb", "-D", self._data, *_MADE]
        with self._log.open("ab") as log:
            subprocess.run(made, check=True, stdout=log, stderr=log, cwd="/", **self._rights)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = [word for setting in _SETTINGS for word in ("-c", setting)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self._data, "-p", str(self._port), "-h", "127.0.0.1", *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                preexec_fn=end_with_parent,
                start_new_session=True,
                **self._rights,
            )
        _wait_until_up(self._programs, self._port, self._process)

    def kill(self) -> None:
        """End all of its processes at once, as a power cut would, and wait until they are gone.

        Each of them leads a group of its own (the server calls ``setsid`` in every child): to kill the first one's
        group would leave sessions behind that say good-bye. While one of the dead still holds the shared memory, no
        new server starts.
        """
        everyone = [each.pid for each in offspring(self.pid, processes())]
        for pid in everyone:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self._process is not None:
            self._process.wait()
        ends = time.monotonic() + _GONE_S
        while any(map(_lives, everyone)) and time.monotonic() < ends:
            time.sleep(0.005)

    def stop(self) -> None:
        """End it in order."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _lives(pid: int) -> bool:
    """Whether a process still runs; one that waits for its parent to look (a zombie) holds nothing any more."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@contextmanager
def own_cluster(folder: Path) -> Iterator[Server]:
    """Make and run a cluster; as root it runs as the user that Debian's package made for it.

    Raises
    ------
    MissingPart
        Where PostgreSQL is not installed.
    """
    server = Server(folder)
    server.make()
    try:
        server.start()
        yield server
    finally:
        server.stop()


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
