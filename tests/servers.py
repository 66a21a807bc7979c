"""Database servers of the tests' own, on a free loopback port, as an ordinary user."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
import sqlalchemy.exc

__all__ = ["Server", "mariadb", "missing", "postgres", "program"]

_FOLDERS = ["/usr/sbin", "/usr/local/sbin", *map(str, Path("/usr/lib/postgresql").glob("*/bin"))]


def program(name: str) -> str | None:
    """Where a server's program is, also off the path; None where it is not there."""
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), *_FOLDERS]))


@dataclass
class Server:
    """A server that runs, at the URL of a database of its own."""

    url: str
    command: tuple[Any, ...]
    process: subprocess.Popen[bytes]
    farewell: signal.Signals

    def stop(self, kill: bool = False) -> None:
        """End it, by SIGKILL if so asked."""
        self.process.send_signal(signal.SIGKILL if kill else self.farewell)
        self.process.wait(timeout=60)

    def start(self) -> None:
        """Have it run again, and wait until it answers."""
        self.process = _start(*self.command)
        _wait_for(self)


@contextmanager
def postgres() -> Iterator[Server]:
    """A PostgreSQL server."""
    with _folder() as folder:
        port, data = _free_port(), folder / "data"
        _run("initdb", "--auth=trust", "--username=me", "--no-sync", "-D", data)
        options = f"-c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
        command = ("postgres", "-D", data, "-p", port, *options.split())
        url = f"postgresql+psycopg://me:secret@127.0.0.1:{port}/postgres"
        yield from _served(url, command, signal.SIGINT)  # SIGTERM waits for its clients


@contextmanager
def mariadb() -> Iterator[Server]:
    """A MariaDB server."""
    with _folder() as folder:
        port, data, plain = _free_port(), folder / "data", "--no-defaults"
        _run(
            "mariadb-install-db",
            plain,
            f"--datadir={data}",
            "--auth-root-authentication-method=normal",
        )
        places = [f"--datadir={data}", f"--socket={folder}/s", f"--pid-file={folder}/pid"]
        command = ("mariadbd", plain, *places, "--bind-address=127.0.0.1", f"--port={port}")
        url = f"mysql+pymysql://root@127.0.0.1:{port}/test"
        yield from _served(url, command, signal.SIGTERM)


def missing(name: str) -> None:
    """Skip the test where a server's program is not there; in continuous integration, fail."""
    if program(name) is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{name} is not installed")


def _served(url: str, command: tuple[Any, ...], farewell: signal.Signals) -> Iterator[Server]:
    server = Server(url, command, _start(*command), farewell)
    try:
        _wait_for(server)
        yield server
    finally:
        server.stop()


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="towersearch-"))
    user = _user()
    os.chown(folder, user.pw_uid, user.pw_gid)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _user() -> pwd.struct_passwd:
    """Who runs the servers: nobody where the tests are root's, whom PostgreSQL refuses."""
    return pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())


def _as_user(name: str, arguments: tuple[Any, ...]) -> tuple[list[str], dict[str, Any]]:
    found, user = program(name), _user()
    assert found is not None
    identity = {"user": user.pw_uid, "group": user.pw_gid} if os.getuid() == 0 else {}
    silence = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    return [found, *map(str, arguments)], {**identity, **silence}


def _run(name: str, *arguments: Any) -> None:
    command, options = _as_user(name, arguments)
    subprocess.run(command, check=True, **options)


def _start(name: str, *arguments: Any) -> subprocess.Popen[bytes]:
    command, options = _as_user(name, arguments)
    return subprocess.Popen(command, **options)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(server: Server) -> None:
    """Wait until it takes connections, which is later than it listens."""
    engine = sqlalchemy.create_engine(server.url, poolclass=sqlalchemy.NullPool)
    end = time.monotonic() + 120
    while time.monotonic() < end:
        assert server.process.poll() is None, "the server did not start"
        with suppress(sqlalchemy.exc.OperationalError), engine.connect():
            return
        time.sleep(0.1)
    raise AssertionError("the server did not answer")
