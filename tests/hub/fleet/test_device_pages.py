"""The page of a terminal, for whoever may see it, whether the store of series answers or not."""

import pytest
from starlette.testclient import TestClient

from hub.core.timeseries.opening import open_series
from hub.core.timeseries.points import FINEST, MINUTE_MS
from hub.core.timeseries.recording import PointRecorder
from hub.fleet.series_reading import DETAILS, Reach
from tests.fakes.clock import HeldClock
from tests.hub.clinic import Clinic, SignedIn
from tests.hub.terminal import Terminal

PAGE = "/devices/desk-1"


@pytest.fixture
def measured(clinic: Clinic, clock: HeldClock) -> Clinic:
    """A terminal was used, became hot, and held messages back."""
    terminal = Terminal(clock)
    batch = [*terminal.presses(3), terminal.health(value=40.5, unit="%")]
    batch.append(terminal.health(check="panel:main", status="failure", detail="unplugged"))
    clock.move(ms=1500)
    clinic.inbox.store([*batch, terminal.state(pending=12)])
    clock.move(minutes=2)
    recorder = PointRecorder(clinic.workplace, clinic.series, clock, clinic.metrics)
    while recorder.step():
        pass
    return clinic


def test_the_page_says_how_the_terminal_is(measured: Clinic, client: TestClient) -> None:
    SignedIn(client, "fleet")
    page = client.get(PAGE).text
    for text in ("Terminal North", "12 waiting on it", "40.5 %", "Panel main", "unplugged"):
        assert text in page, text
    assert f'hx-get="{PAGE}/series?reach=day"' in page


def test_series_are_drawn_and_said(measured: Clinic, client: TestClient) -> None:
    SignedIn(client, "viewer")
    for reach in Reach:
        part = client.get(f"{PAGE}/series", params={"reach": reach}).text
        assert part.count("<figure>") == 5
        assert "3 answers, at most 3 within" in part
        assert "1.5 secs on average, 1.5 secs at the longest" in part
        assert "at most 12 messages, 12 lately" in part
        assert 'aria-label="Free disk space: all right throughout; 40.5 %"' in part
        assert 'aria-label="Panel main: a failure at times"' in part


def test_programs_get_the_points(measured: Clinic, client: TestClient) -> None:
    SignedIn(client, "viewer")
    found = client.get(f"/api{PAGE}/series", params={"reach": "hours"}).json()
    assert {(s["measurement"], s["part"]) for s in found} == {
        ("presses", ""), ("latency_ms", ""), ("queue_depth", ""),
        ("health", "disk"), ("health", "panel:main"), ("reading", "disk"),
    }  # fmt: skip
    (presses,) = (s for s in found if s["measurement"] == "presses")
    assert [(p["n"], p["mean"]) for p in presses["points"]] == [(3, 1.0)]


def test_before_anything_is_measured_the_page_says_so(clinic: Clinic, client: TestClient) -> None:
    SignedIn(client, "fleet")
    assert "No check has been reported yet." in client.get(PAGE).text
    assert "Nothing was measured in this period." in client.get(f"{PAGE}/series").text


def test_a_store_that_is_away_is_said_and_spoils_nothing_else(clinic: Clinic) -> None:
    clinic.series = open_series("http://127.0.0.1:1/bucket", "token", clinic.workplace.database)
    with TestClient(clinic.app(), base_url="http://hub.test") as client:
        SignedIn(client, "viewer")
        assert client.get(PAGE).status_code == 200
        part = client.get(f"{PAGE}/series")
        assert (part.status_code, "cannot be read now" in part.text) == (200, True)
        assert client.get(f"/api{PAGE}/series").status_code == 503
    clinic.series.close()


def test_who_may_not_see_the_terminal_is_told_that_there_is_none(
    measured: Clinic, client: TestClient
) -> None:
    for path in (PAGE, f"{PAGE}/series", f"/api{PAGE}/series"):
        assert client.get(path, follow_redirects=False).status_code in {303, 401}
    SignedIn(client, "north-viewer")
    for path in ("/devices/desk-2", "/devices/desk-2/series", "/api/devices/desk-2/series"):
        assert client.get(path).status_code == 404
    assert client.get(f"{PAGE}/series?reach=ever").status_code == 422


def test_every_reach_is_made_of_whole_stretches_of_its_level_that_are_still_kept() -> None:
    for detail in DETAILS.values():
        span = detail.span(12_345_678_901)
        assert (span.until_ms - span.since_ms) % detail.step_ms == 0
        assert detail.step_ms % detail.level.step_ms == 0
        assert detail.length_ms <= detail.level.kept_ms
        assert span.until_ms - detail.step_ms <= 12_345_678_901 < span.until_ms
    assert FINEST.step_ms == MINUTE_MS
