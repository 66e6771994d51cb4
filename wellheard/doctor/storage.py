"""Database, time series and disk: can answers be written here, and are they still there after a power cut?

Decides when space is short and when an fsync is not to be believed. A disk that lies about its own
cache cannot be told from here.
"""

import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from wellheard.doctor.finding import Finding, Status
from wellheard.doctor.machine import Machine

_LEAST_BYTES, _ENOUGH_BYTES = 200 * 2**20, 2 * 2**30
_PATIENCE_S = 5
_FSYNCS = 9
_FASTEST_BELIEVABLE_S = 20e-6  # a drive with a protected cache needs about twice as long
_FORGETFUL = {"tmpfs", "ramfs"}


def existing(folder: Path) -> Path:
    """The folder, or what there is of the way to it: the doctor makes none."""
    folder = folder.absolute()
    return next(path for path in (folder, *folder.parents) if path.is_dir())


def database(url: str) -> Finding:
    """A write that leaves nothing behind; the password is not shown."""
    try:
        import sqlalchemy  # noqa: PLC0415  only machines with the hub's packages have it
    except ModuleNotFoundError:
        return Finding("database", "ok", "none; a terminal keeps its answers in its outbox")
    try:
        address = sqlalchemy.make_url(url)
        if address.get_backend_name() == "sqlite":
            return _writable(existing(Path(address.database or ".").parent))
        engine = sqlalchemy.create_engine(
            address,
            poolclass=sqlalchemy.NullPool,
            connect_args={"connect_timeout": _PATIENCE_S},
        )
        with engine.connect() as connection:
            connection.execute(sqlalchemy.text("CREATE TEMPORARY TABLE doctor (id integer)"))
    except (sqlalchemy.exc.SQLAlchemyError, ModuleNotFoundError) as error:
        reason = str(error).splitlines()[0]
        return Finding("database", "missing", reason, "Set WELLHEARD_DATABASE to a database's URL.")
    return Finding("database", "ok", address.render_as_string(hide_password=True))


def time_series(address: str, token: str) -> Finding:
    """Whether every bucket can be read; nothing is written, and the token is not shown."""
    if not address:
        return Finding("time series", "ok", "in the database")
    try:
        # Only machines with the hub's packages have them.
        from hub.core.timeseries import influx_address, influxdb  # noqa: PLC0415
        from hub.core.timeseries.store import StoreUnavailable  # noqa: PLC0415
    except ModuleNotFoundError:
        return Finding("time series", "ok", "none; a terminal keeps none")
    store = influxdb.InfluxSeries(influx_address.parsed(address), token)
    try:
        store.check()
    except StoreUnavailable as error:
        mend = (
            "Correct WELLHEARD_INFLUXDB and its token, or make the bucket. Points wait meanwhile."
        )
        return Finding("time series", "warn", f"InfluxDB: {error}", mend)
    finally:
        store.close()
    return Finding("time series", "ok", f"InfluxDB at {address}")


def disk(folder: Path) -> Finding:
    """Free space where the data is kept."""
    return judge_space(shutil.disk_usage(existing(folder)).free)


def judge_space(free: int) -> Finding:
    """`free` in bytes."""
    found = f"{free / 2**30:.1f} GiB free"
    if free >= _ENOUGH_BYTES:
        return Finding("disk", "ok", found)
    status: Status = "warn" if free >= _LEAST_BYTES else "missing"
    return Finding("disk", status, found, "Free some space, or set WELLHEARD_DATA to another disk.")


def fsync(machine: Machine, folder: Path) -> Finding:
    """Whether the file system keeps what it says it has kept."""
    preload = os.environ.get("LD_PRELOAD", "")
    return judge_fsync(file_system(machine, existing(folder)), _fsync_seconds(folder), preload)


def judge_fsync(kind: str, seconds: float | None, preload: str) -> Finding:
    """`seconds`: the median of some fsyncs, None where nothing can be written."""
    mend = "Set WELLHEARD_DATA to a folder on a real disk."
    if "eatmydata" in preload:
        return Finding(
            "fsync", "missing", "switched off by libeatmydata", "Start without LD_PRELOAD."
        )
    if kind in _FORGETFUL:
        return Finding("fsync", "warn", f"{kind}: everything is gone when the power is", mend)
    if seconds is None:
        return Finding("fsync", "missing", "nothing can be written", mend)
    if seconds < _FASTEST_BELIEVABLE_S:
        return Finding("fsync", "warn", f"{seconds * 1e6:.0f} µs: too fast to be true", mend)
    return Finding("fsync", "ok", f"{kind or 'unknown file system'}, {seconds * 1e3:.2f} ms")


def file_system(machine: Machine, folder: Path) -> str:
    """The type of the mount that holds the folder, from mountinfo (proc(5)); empty where unknown."""
    best, kind = "", ""
    for line in machine.text("proc/self/mountinfo").splitlines():
        before, _, after = line.partition(" - ")
        mount = before.split()[4]
        if folder.is_relative_to(mount) and len(mount) >= len(best):
            best, kind = mount, after.split()[0]
    return kind


def _writable(folder: Path) -> Finding:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return Finding("database", "ok", f"SQLite in {folder}")
    except OSError as error:
        reason = f"{folder}: {error.strerror}"
        return Finding("database", "missing", reason, f"sudo chown $USER {folder}")


def _fsync_seconds(folder: Path) -> float | None:
    try:
        with tempfile.TemporaryFile(dir=existing(folder), buffering=0) as file:
            return statistics.median(_timed_fsync(file.fileno()) for _ in range(_FSYNCS))
    except OSError:
        return None


def _timed_fsync(descriptor: int) -> float:
    os.write(descriptor, bytes(4096))
    begin = time.perf_counter()
    os.fsync(descriptor)
    return time.perf_counter() - begin
