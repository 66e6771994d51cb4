"""A real PostgreSQL for tests: Debian's, in a temporary folder, reached through its own socket.

It dies with the process that started it. Unless asked to be durable it keeps nothing: synchronous writing is off.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

START_DEADLINE_S = 60.0

_INITDB = (
    "--auth=trust",
    "--username=postgres",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--no-sync",
)
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "32MB",
}
_KEEP_AS_NEW = """
DO $$
DECLARE
    name text;
    found boolean;
BEGIN
    CREATE SCHEMA as_new;
    FOR name IN SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO found;
        IF found THEN EXECUTE format('CREATE TABLE as_new.%I AS TABLE %I', name, name); END IF;
    END LOOP;
END $$
"""
_MAKE_AS_NEW = """
DO $$
DECLARE
    name text;
    found boolean;
    touched text[] := '{}';
BEGIN
    PERFORM pg_terminate_backend(pid, 10000) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    FOR name IN SELECT oid::regclass::text FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', name) INTO found;
        IF found THEN touched := touched || name; END IF;
    END LOOP;
    EXECUTE format('TRUNCATE %s RESTART IDENTITY CASCADE', array_to_string(touched, ', '));
    FOR name IN SELECT relname FROM pg_class
        WHERE relnamespace = 'as_new'::regnamespace AND relkind = 'r'
    LOOP
        EXECUTE format('INSERT INTO public.%I TABLE as_new.%I', name, name);
    END LOOP;
END $$
"""
_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresqlServer:
    """A running cluster; `url(name)` is SQLAlchemy's address of one of its databases."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self._folder}"

    def keep_as_new(self, name: str) -> None:
        """Remember what is in a database now: little, for it is what migrations put there."""
        self.run(_KEEP_AS_NEW, name)

    def make_as_new(self, name: str) -> None:
        """Leave in a database what was in it then; much quicker than making another one."""
        self.run(_MAKE_AS_NEW, name)

    def run(self, statement: str, name: str = "postgres") -> None:
        """One statement outside any transaction (CREATE DATABASE refuses to be in one), in the database `name`."""
        conninfo = f"host={self._folder} user=postgres dbname={name}"
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute(statement.encode())

    def wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_DEADLINE_S
        while True:
            try:
                self.run("SELECT 1")
            except psycopg.OperationalError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return


@contextmanager
def running_postgresql(*, durable: bool = False) -> Iterator[PostgresqlServer]:
    """A cluster of its own for as long as the block lasts; `durable`: with PostgreSQL's own care for what it stores."""
    folder = Path(tempfile.mkdtemp(prefix="wh-pg-"))
    user = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    if user:
        shutil.chown(folder, user)
    cluster = folder / "cluster"
    try:
        subprocess.run(
            [_program("initdb"), "--pgdata", cluster, *_INITDB],
            check=True,
            stdout=subprocess.DEVNULL,
            user=user,
            cwd=folder,
        )
        chosen = _SETTINGS if durable else {**_SETTINGS, **_FORGETFUL}
        options = [f"--{name}={value}" for name, value in chosen.items()]
        as_user = [f"--reuid={user}", f"--regid={user}", "--clear-groups"] if user else []
        command = [_program("postgres"), "-D", cluster, "-k", folder, *options]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                ["setpriv", "--pdeathsig=INT", *as_user, *command],
                stdout=log,
                stderr=log,
                cwd=folder,
            )
        try:
            server = PostgresqlServer(folder)
            server.wait_until_ready(process)
            yield server
        finally:
            process.terminate()
            process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _program(name: str) -> str:
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = shutil.which(name) or (str(installed[-1]) if installed else None)
    if found is None:
        raise FileNotFoundError(f"{name} is not here: install Debian's package 'postgresql'")
    return found
