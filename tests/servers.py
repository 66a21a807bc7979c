"""Database servers of the tests' own, on a free loopback port, as an ordinary user."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["mariadb", "postgres", "program"]

_FOLDERS = ["/usr/sbin", "/usr/local/sbin", *map(str, Path("/usr/lib/postgresql").glob("*/bin"))]


def program(name: str) -> str | None:
    """Where a server's program is, also off the path; None where it is not there."""
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), *_FOLDERS]))


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server's database."""
    with _folder() as folder:
        port, data = _free_port(), folder / "data"
        _run("initdb", "--auth=trust", "--username=me", "--no-sync", "-D", data)
        options = f"-c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
        server = _start("postgres", "-D", data, "-p", port, *options.split())
        try:
            url = f"postgresql+psycopg://me:secret@127.0.0.1:{port}/postgres"
            _wait_for(port, server)
            yield url
        finally:
            _stop(server)


@contextmanager
def mariadb() -> Iterator[str]:
    """The URL of a MariaDB server's database."""
    with _folder() as folder:
        port, data, plain = _free_port(), folder / "data", "--no-defaults"
        _run(
            "mariadb-install-db",
            plain,
            f"--datadir={data}",
            "--auth-root-authentication-method=normal",
        )
        places = [f"--datadir={data}", f"--socket={folder}/s", f"--pid-file={folder}/pid"]
        address = ["--bind-address=127.0.0.1", f"--port={port}"]
        server = _start("mariadbd", plain, *places, *address)
        try:
            _wait_for(port, server)
            yield f"mysql+pymysql://root@127.0.0.1:{port}/test"
        finally:
            _stop(server)


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


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert server.poll() is None, "the server did not start"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server did not answer")
