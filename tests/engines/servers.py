"""A real PostgreSQL of one's own, in a folder that is thrown away."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PLACES = "/usr/lib/postgresql"  # where Debian keeps the servers, by version
ACCOUNT = "postgres"  # PostgreSQL refuses to run as root; Debian's package makes this user


@contextmanager
def postgres() -> Iterator[dict[str, str]]:
    """Start a server; what a client needs to reach it.

    Its clock is Tokyo's and its locale plain, to see that no answer depends on them.
    """
    folder = Path(tempfile.mkdtemp(prefix="csw-postgres-"))
    data = folder / "data"
    if os.geteuid() == 0:
        shutil.chown(folder, ACCOUNT)
    run("initdb", "-D", data, "-U", "csw", "-A", "trust", "-E", "UTF8", "--locale", "C")
    port = free_port()
    settings = f"-p {port} -k {folder} -c listen_addresses='' -c timezone=Asia/Tokyo -c fsync=off"
    run("pg_ctl", "-D", data, "-o", settings, "-l", folder / "log", "-w", "start")
    try:
        yield {"host": str(folder), "port": str(port), "user": "csw", "database": "postgres"}
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder)


def run(program: str, *args: str | Path) -> None:
    """Run one of PostgreSQL's programs as a user who is not root."""
    as_user = ["runuser", "-u", ACCOUNT, "--"] if os.geteuid() == 0 else []
    command = [*as_user, found(program), *map(str, args)]
    subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, timeout=120)


def found(program: str) -> str:
    """Where a program of the server is; clients alone are on the usual path."""
    on_path = shutil.which(program)
    if on_path:
        return on_path
    versions = sorted(Path(PLACES).glob(f"*/bin/{program}"))
    if not versions:
        raise AssertionError(f"{program} is missing: apt-get install postgresql")
    return str(versions[-1])


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
