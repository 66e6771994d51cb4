"""Free ports and the owners of taken ones."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from hub.core.broker import BrokerUnavailableError
from hub.core.broker.listening import free_port, port_owner, require_free

LISTEN = """
import socket, sys
server = socket.create_server(("0.0.0.0", 0))
print(server.getsockname()[1], flush=True)
sys.stdin.read()
"""


def test_a_free_port_can_be_had_and_is_not_one_for_outgoing_connections() -> None:
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    port = free_port()
    assert 1024 < port < lowest
    require_free(port)
    socket.create_server(("127.0.0.1", port)).close()
    require_free(port)


def test_another_process_on_any_address_is_named() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", LISTEN], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        assert str(process.pid) in (port_owner(port) or "")
        with pytest.raises(BrokerUnavailableError, match=f"port {port} is used by .*{process.pid}"):
            require_free(port)
        assert process.stdin is not None
        process.stdin.close()


def test_nobody_owns_a_free_port() -> None:
    assert port_owner(free_port()) is None
