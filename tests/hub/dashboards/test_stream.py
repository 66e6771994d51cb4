"""The stream over a real server: what comes live, what is caught up, and how it ends."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from hub.dashboards.routes import caught_up
from tests.fakes.waiting import eventually
from tests.hub.clinic import WHOLE, Clinic
from tests.hub.dashboards.event_source import Event, events, parsed
from tests.hub.serving import Served, served

DEADLINE_S = 20.0


@pytest.fixture
def server(clinic: Clinic) -> Iterator[Served]:
    with served(clinic) as running:
        yield running


@contextmanager
def stream(
    server: Served, token: str, query: str = "", last_event_id: str | None = None
) -> Iterator[Iterator[Event]]:
    headers = {"Authorization": f"Bearer {token}"}
    if last_event_id is not None:
        headers["Last-Event-ID"] = last_event_id
    url = f"{server.url}/api/live{query}"
    with httpx.stream("GET", url, headers=headers, timeout=DEADLINE_S) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        assert "content-encoding" not in response.headers, (
            "a compressed event would wait for the next"
        )
        yield events(response.iter_lines())


def answers(found: Iterator[Event], count: int) -> list[int]:
    told = (json.loads(event.data) for event in found if event.name == "answer")
    return [next(told)["sequence"] for _ in range(count)]


def open_pages(clinic: Clinic, count: int) -> None:
    wanted = f"wellheard_sse_clients {count}.0".encode()
    eventually(lambda: wanted in clinic.metrics.exposition())


def test_a_press_comes_as_it_is_stored(clinic: Clinic, server: Served) -> None:
    with stream(server, clinic.token("viewer")) as found:
        open_pages(clinic, 1)
        clinic.press(1)
        told = json.loads(next(event for event in found if event.name == "answer").data)
    assert (told["device"], told["sequence"], told["value"]) == ("desk-1", 1, "positive")
    assert told["stored_ms"] >= told["received_ms"]
    assert told["employee"] == "anna-north"
    assert "organisation" not in told


@pytest.mark.parametrize("by_header", [True, False])
def test_who_comes_back_misses_nothing(clinic: Clinic, server: Served, by_header: bool) -> None:
    token = clinic.token("north-viewer")
    clinic.press(1, 2)
    with stream(server, token, "?after=0") as found:
        seen = list(zip(range(2), (e for e in found if e.name == "answer"), strict=False))
        last = seen[-1][1].last_id
    clinic.press(3, 4)
    query, header = ("", last) if by_header else (f"?after={last}", None)
    with stream(server, token, query, header) as found:
        assert answers(found, 2) == [3, 4]
        open_pages(clinic, 1)
        clinic.press(5)
        assert answers(found, 1) == [5]


def test_what_is_stored_while_catching_up_comes_once(clinic: Clinic) -> None:
    async def scenario() -> bytes:
        clinic.live.start(asyncio.get_running_loop())
        with clinic.live.reading(WHOLE, True) as reader:
            await asyncio.to_thread(clinic.press, 1)
            told = await asyncio.to_thread(caught_up, clinic.workplace, reader, 0)
            await asyncio.to_thread(clinic.press, 2)
            async with asyncio.timeout(DEADLINE_S):
                async for chunk in reader.chunks():
                    told += chunk
                    if b'"sequence":2' in told:
                        break
        return told

    told = parsed(asyncio.run(scenario()))
    assert [json.loads(event.data)["sequence"] for event in told] == [1, 2]


def test_who_was_away_too_long_is_told_to_read_again(clinic: Clinic, server: Served) -> None:
    clinic.press(*range(1, 502))
    with stream(server, clinic.token("viewer"), "?after=0") as found:
        assert next(found).name == "refresh"


def test_a_strange_last_event_id_does_no_harm(clinic: Clinic, server: Served) -> None:
    with stream(server, clinic.token("viewer"), last_event_id="x-7") as found:
        open_pages(clinic, 1)
        clinic.press(1)
        assert answers(found, 1) == [1]


def test_fleet_operators_are_told_of_devices_alone(clinic: Clinic, server: Served) -> None:
    clinic.press(1)
    with stream(server, clinic.token("fleet"), "?after=0") as found:
        open_pages(clinic, 1)
        clinic.press(2)
        clinic.come_online()
        assert next(found).name == "device"


def test_strangers_get_no_stream(server: Served) -> None:
    assert httpx.get(f"{server.url}/api/live").status_code == 401


def test_the_server_stops_while_pages_are_open(clinic: Clinic, server: Served) -> None:
    with stream(server, clinic.token("viewer")) as found:
        open_pages(clinic, 1)
        server.stop(within_s=4.0)
        assert list(found) == []
