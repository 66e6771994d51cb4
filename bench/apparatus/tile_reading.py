"""The tiles of the first view as a browser asks for them, from a hub that runs."""

import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import httpx

from bench.apparatus.figures import percentiles
from bench.apparatus.seeding import WHOLE
from bench.apparatus.years import employee_name, facility_name, today, touchpoint_name
from hub.app import wire
from hub.core.permissions import Role
from hub.core.settings import HubSettings
from hub.dashboards.tile_routes import TILES
from hub.identity import accounts

NAME, PASSWORD = "bench", "five million answers"
PAGES = ("/", "/trends", "/heat", "/people", "/live/answers")


class SignedIn:
    """A member of staff of the hub at this address; the account is made in its database."""

    def __init__(self, url: str, data: Path, database: str = "") -> None:
        self.url = url
        self.name, self.password = NAME, PASSWORD
        hub = wire(HubSettings(data=data, database=database))
        with hub.parts.workplace.begin() as work:
            accounts.create_account(
                work,
                WHOLE,
                name=NAME,
                password_hash=hub.parts.passwords.hash(PASSWORD),
                role=Role.ADMINISTRATOR,
            )
        hub.database.close()
        self.http = httpx.Client(base_url=url, timeout=60)
        told = {"name": NAME, "password": PASSWORD}
        self.http.post("/api/login", json=told).raise_for_status()


def tiles_read(signed_in: SignedIn, times: int) -> dict[str, dict[str, float]]:
    """Milliseconds from asking until the last byte, by tile and filter."""
    own = count()
    found = {}
    for name in TILES:
        for whose, query in _filters():
            taken = []
            for _ in range(times):
                began = time.perf_counter()
                # A wallboard of its own: what pages share is kept apart for each.
                asked = {**query, "wallboard": str(next(own))}
                signed_in.http.get(f"/tiles/{name}", params=asked).raise_for_status()
                taken.append((time.perf_counter() - began) * 1000)
            found[f"{name}, {whose}"] = percentiles(taken)
    return found


def pages_read(signed_in: SignedIn, times: int) -> dict[str, dict[str, float]]:
    """Whole pages; what they take is told beside the tiles'."""
    found = {}
    for path in PAGES:
        for whose, query in _filters():
            taken = []
            for _ in range(times):
                began = time.perf_counter()
                signed_in.http.get(path, params=query).raise_for_status()
                taken.append((time.perf_counter() - began) * 1000)
            found[f"{path}, {whose}"] = percentiles(taken)
    return found


def _filters() -> Iterator[tuple[str, dict[str, str]]]:
    yield "month", {}
    yield "quarter", {"period": "quarter"}
    yield "year", {"first": str(today() - timedelta(days=364))}
    yield "month, facility", {"facility": facility_name(2)}
    yield "quarter, touchpoint", {"touchpoint": touchpoint_name(2, 4), "period": "quarter"}
    yield "quarter, employee", {"employee": employee_name(2, 9), "period": "quarter"}
