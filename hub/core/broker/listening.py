"""TCP ports of this machine: which one is free, and who has the one we wanted."""

import errno
import os
import random
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from hub.core.broker.interface import BrokerUnavailableError

LOOPBACK = "127.0.0.1"

_LISTEN = "0A"
_LOWEST_FREE = 10_240
_EPHEMERAL_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port() -> int:
    """A free port below those that the kernel gives to outgoing connections.

    In that range a client that retries while the broker restarts could be given the broker's own port,
    connect to itself, and keep the broker out.
    """
    try:
        highest = int(_EPHEMERAL_RANGE.read_text().split()[0])
    except OSError:
        highest = 32_768
    candidates = range(_LOWEST_FREE, max(highest, _LOWEST_FREE + 1_000))
    for port in random.sample(candidates, 100):
        if _bind_error(port) is None:
            return port
    raise BrokerUnavailableError("no free TCP port was found for the broker")


def require_free(port: int) -> None:
    """Raise BrokerUnavailableError, with the name of the present owner if it can be told."""
    error = _bind_error(port)
    if error is None:
        return
    if error.errno == errno.EADDRINUSE:
        raise BrokerUnavailableError(
            f"port {port} is used by {port_owner(port) or 'another program'}: end that, choose another "
            "broker port, or set broker to its URL if it is the broker to use"
        )
    raise BrokerUnavailableError(f"port {port} cannot be used: {os.strerror(error.errno or 0)}")


def port_owner(port: int) -> str | None:
    """`name (process 123)` of whoever listens on the port; None if we may not see it."""
    wanted = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    for process in Path("/proc").glob("[0-9]*"):
        if not wanted.isdisjoint(_open_files(process)):
            with suppress(OSError):
                return f"{(process / 'comm').read_text().strip()} (process {process.name})"
    return None


def _open_files(process: Path) -> Iterator[str]:
    with suppress(OSError):  # not ours to see, or ended meanwhile
        for link in (process / "fd").iterdir():
            with suppress(OSError):
                yield str(link.readlink())


def _bind_error(port: int) -> OSError | None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            return error
    return None


def _listening_inodes(port: int) -> Iterator[str]:
    """Of both tables in /proc/net, whose columns are in the kernel's Documentation/networking/proc_net_tcp."""
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in Path("/proc/net", table).read_text().splitlines()[1:]:
                columns = line.split()
                if columns[3] == _LISTEN and int(columns[1].rpartition(":")[2], 16) == port:
                    yield columns[9]
