"""A PostgreSQL of the tests' own: a cluster in a folder of its own, on a free port, ended with the run."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

_USER = "postgres"
_NUMBERS = count(1)


def _binaries() -> Path | None:
    """Folder of Debian's PostgreSQL programs, the newest."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


class Cluster:
    """One server; every commit is synced, as in a hub (nothing else about it is slow).

    Root may not run it: then it runs as Debian's user ``postgres``. It dies with the process that started it.
    """

    def __init__(self) -> None:
        binaries = _binaries()
        if binaries is None:
            pytest.skip("PostgreSQL is not installed (debian-packages.txt)")
        self._binaries = binaries
        self.folder = Path(tempfile.mkdtemp(prefix="karez-postgres-"))
        self._own()
        # Not synced: an empty cluster that is lost is made again.
        self._run(
            "initdb", "--no-sync", "--no-instructions", "-A", "trust", "-U", _USER, "-E", "UTF8", "--locale=C.UTF-8"
        )
        self.port = _free_port()
        self._emptied: str | None = None
        self.start()

    def start(self) -> None:
        """Start it (again), and wait until it answers."""
        settings = [
            "listen_addresses=127.0.0.1",
            "shared_buffers=16MB",
            "max_connections=60",
            "fsync=on",
        ]
        command = self._command("postgres", "-p", str(self.port), "-k", str(self.folder))
        for setting in settings:
            command += ["-c", setting]
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(command, stdout=log, stderr=log)
        self._await()

    def kill(self) -> None:
        """Kill -9 the server and every process of it: a power cut, as far as it can tell."""
        server = self._server.pid
        everyone = [server, *map(int, Path(f"/proc/{server}/task/{server}/children").read_text().split())]
        for pid in everyone:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._server.wait()

    @property
    def server_pid(self) -> int:
        """Process number of the server, which starts all the others."""
        return self._server.pid

    @property
    def running(self) -> bool:
        """Whether it has been started and not killed."""
        return self._server.poll() is None

    def remove(self) -> None:
        """Stop it and leave nothing behind."""
        if self.running:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def new_store(self) -> str:
        """Address of a store that is not there yet: a schema of its own."""
        name = f"hub{next(_NUMBERS)}"
        self.sql(f"CREATE SCHEMA {name}")
        return f"{self.address()}?options=-csearch_path%3D{name}"

    def empty_store(self) -> str:
        """Address of an empty store, always the same one: its tables are made once."""
        if self._emptied is None:
            self._emptied = self.new_store()
        else:
            schema = self._emptied.rpartition("%3D")[2]
            tables = "events, telegrams, parcels, personal, advice, learned, standing"
            self.sql(f"SET search_path = {schema}; TRUNCATE {tables}")
        return self._emptied

    def address(self, database: str = "postgres") -> str:
        """SQLAlchemy address of a database."""
        return f"postgresql+psycopg://{_USER}@127.0.0.1:{self.port}/{database}"

    @contextlib.contextmanager
    def small_disk(self, size: str) -> Iterator[Path]:
        """A disk of its own that is soon full, where this server may keep tables."""
        if os.geteuid() != 0:
            pytest.skip("mounting a small tmpfs needs root")
        disk = self.folder / "small"
        disk.mkdir()
        user = pwd.getpwnam(_USER)
        options = f"size={size},uid={user.pw_uid},gid={user.pw_gid},mode=700"
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            pytest.skip(f"cannot mount a tmpfs here: {done.stderr.strip()}")
        try:
            yield disk
        finally:
            subprocess.run(["umount", "-l", str(disk)], check=True)
            disk.rmdir()

    def sql(self, statement: str) -> None:
        """Do something as its superuser."""
        with self._connect() as connection:
            connection.execute(statement.encode())

    def _connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(f"host=127.0.0.1 port={self.port} user={_USER} dbname=postgres", autocommit=True)

    def _await(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                self._connect().close()
                return
            except psycopg.OperationalError:
                if self._server.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self.folder / "log").read_text()[-2000:]) from None
                time.sleep(0.05)

    def _own(self) -> None:
        if os.geteuid() == 0:
            user = pwd.getpwnam(_USER)
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        self.folder.chmod(0o700)

    def _command(self, program: str, *arguments: str) -> list[str]:
        drop = ["--reuid", _USER, "--regid", _USER, "--clear-groups"] if os.geteuid() == 0 else []
        folder = ["-D", str(self.folder / "data")]
        return ["setpriv", *drop, "--pdeathsig", "KILL", str(self._binaries / program), *folder, *arguments]

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(self._command(program, *arguments), capture_output=True, text=True, cwd="/")
        assert done.returncode == 0, done.stderr


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
