"""A real InfluxDB for tests: Debian's 1.6, behind a proxy that gives it the address newer versions are written at.

Both listen on free ports, keep everything in one temporary folder, and die with the process that started them.
"""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from hub.core.timeseries.influxdb import bucket_of
from hub.core.timeseries.points import LEVELS

START_DEADLINE_S = 60.0

INFLUXD = """\
reporting-disabled = true
bind-address = "127.0.0.1:{rpc}"
[meta]
  dir = "{folder}/meta"
  logging-enabled = false
[data]
  dir = "{folder}/data"
  wal-dir = "{folder}/wal"
  query-log-enabled = false
[http]
  bind-address = "127.0.0.1:{http}"
  log-enabled = false
[monitor]
  store-enabled = false
"""

NGINX = """\
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    client_max_body_size 0;
    client_body_buffer_size 16m;
    proxy_max_temp_file_size 0;
    location = /api/v2/write {{
      rewrite ^ /write?db=$arg_bucket&precision=$arg_precision? break;
      proxy_pass http://127.0.0.1:{http};
    }}
    location / {{ proxy_pass http://127.0.0.1:{http}; }}
  }}
}}
"""


class InfluxdbServer:
    """`url` is the proxy's. `stop` and `start` take InfluxDB away and bring it back with all that it holds."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._http, rpc, self._port = _free_ports(3)
        places = {"folder": folder, "http": self._http, "rpc": rpc, "port": self._port}
        (folder / "influxdb.conf").write_text(INFLUXD.format(**places))
        (folder / "nginx.conf").write_text(NGINX.format(**places))
        self.url = f"http://127.0.0.1:{self._port}"
        self._proxy = self._spawn("nginx", "-c", folder / "nginx.conf", "-p", folder)
        self.start()

    def start(self) -> None:
        self._influxd = self._spawn("influxd", "-config", self._folder / "influxdb.conf")
        deadline = time.monotonic() + START_DEADLINE_S
        while not self._answers():
            if self._influxd.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self._folder / "log").read_text())
            time.sleep(0.05)

    def stop(self) -> None:
        self._influxd.kill()
        self._influxd.wait(30)

    def close(self) -> None:
        self.stop()
        self._proxy.terminate()
        self._proxy.wait(30)

    def ask(self, statement: str, database: str = "") -> httpx.Response:
        form = {"q": statement, "db": database, "epoch": "ms"}
        return httpx.post(f"{self.url}/query", data=form).raise_for_status()

    def make_buckets(self, finest: str, kept: str = "INF") -> None:
        """As whoever runs InfluxDB makes them."""
        for level in LEVELS:
            self.ask(f'CREATE DATABASE "{bucket_of(finest, level)}" WITH DURATION {kept}')

    def _answers(self) -> bool:
        with suppress(httpx.HTTPError):
            return httpx.get(f"{self.url}/ping").status_code == 204
        return False

    def _spawn(self, program: str, *arguments: object) -> subprocess.Popen[bytes]:
        found = shutil.which(program, path="/usr/sbin:/usr/bin:/usr/local/bin")
        if found is None:
            raise FileNotFoundError(f"{program} is not here: install Debian's influxdb and nginx")
        with (self._folder / "log").open("ab") as log:
            command = ["setpriv", "--pdeathsig=KILL", found, *map(str, arguments)]
            return subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder)


@contextmanager
def running_influxdb() -> Iterator[InfluxdbServer]:
    """A server of its own for as long as the block lasts."""
    folder = Path(tempfile.mkdtemp(prefix="wh-influx-"))
    try:
        server = InfluxdbServer(folder)
        try:
            yield server
        finally:
            server.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
