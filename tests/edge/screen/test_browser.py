"""Keeping the page alive: on a virtual clock with a process that only pretends, and with a real process."""

import stat
from itertools import pairwise

import pytest

from edge.screen.browser import (
    FIRST_PATIENCE_MS,
    KIOSK_FLAGS,
    LONGEST_PATIENCE_MS,
    SILENT_MS,
    BrowserWatch,
    ChromiumProcess,
    Page,
)
from tests.edge.screen.terminal import HeldTerminalClock
from tests.fakes.waiting import eventually


class PretendedBrowser:
    def __init__(self) -> None:
        self.starts = 0
        self.running = False
        self.missing = False

    def start(self) -> None:
        if self.missing:
            raise FileNotFoundError("no browser")
        self.starts += 1
        self.running = True

    def stop(self) -> None:
        self.running = False

    def is_running(self) -> bool:
        return self.running


class Bench:
    def __init__(self, *, browser: bool = True) -> None:
        self.clock = HeldTerminalClock()
        self.page = Page(self.clock)
        self.browser = PretendedBrowser()
        self.watch = BrowserWatch(self.browser if browser else None, self.page, self.clock)
        if browser:
            self.browser.start()

    def look_after(self, ms: int, *, painted: bool | None = None) -> int:
        self.clock.move(ms / 1000)
        if painted is not None:
            self.page.beat(painted=painted)
        self.watch.look()
        return self.browser.starts

    def status(self) -> str:
        dark_ms = self.watch.dark_ms()
        assert dark_ms is not None
        return "failure" if dark_ms else "ok"


def test_a_page_that_beats_is_left_alone():
    bench = Bench()
    for _ in range(50):
        assert bench.look_after(5_000, painted=True) == 1
    assert bench.status() == "ok"


def test_a_silent_page_is_started_anew():
    bench = Bench()
    bench.look_after(5_000, painted=True)
    assert bench.look_after(SILENT_MS - 1) == 1
    assert bench.look_after(1) == 2


def test_a_white_page_that_still_speaks_is_started_anew():
    bench = Bench()
    bench.look_after(5_000, painted=True)
    starts = [bench.look_after(5_000, painted=False) for _ in range(6)]
    assert starts == [1, 1, 1, 1, 1, 2]


def test_a_browser_that_ended_is_started_anew_at_once():
    bench = Bench()
    bench.look_after(5_000, painted=True)
    bench.browser.running = False
    assert bench.look_after(1) == 2


def test_what_never_helps_is_tried_ever_more_seldom():
    bench = Bench()
    moments = []
    starts = 1
    for second in range(3 * 3600):
        if bench.look_after(1000) > starts:
            starts = bench.browser.starts
            moments.append(second)
    waits = [later - earlier for earlier, later in pairwise(moments)]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_PATIENCE_MS // 1000
    assert bench.status() == "failure"


def test_after_a_quarter_of_an_hour_it_is_not_the_browser():
    bench = Bench()
    bench.look_after(5_000, painted=True)
    silent_s = 0
    while not bench.watch.in_vain:
        bench.look_after(10_000)
        silent_s += 10
    assert 14 * 60 <= silent_s <= 18 * 60
    bench.look_after(5_000, painted=True)
    assert not bench.watch.in_vain


def test_a_slow_start_is_no_failure():
    bench = Bench()
    assert bench.look_after(FIRST_PATIENCE_MS - 1) == 1
    assert bench.status() == "ok"


def test_without_a_browser_of_ours_silence_is_reported_and_nothing_started():
    bench = Bench(browser=False)
    assert bench.watch.dark_ms() is None
    bench.page.beat(painted=True)
    assert bench.look_after(5_000) == 0
    assert bench.status() == "ok"
    bench.look_after(FIRST_PATIENCE_MS)
    assert bench.status() == "failure"


def test_a_browser_that_is_not_there_is_reported_and_tried_again():
    bench = Bench()
    bench.browser.missing = True
    bench.browser.running = False
    bench.look_after(FIRST_PATIENCE_MS)
    bench.browser.missing = False
    assert bench.look_after(1) == 2


@pytest.fixture
def command(tmp_path):
    """A program that notes how it was called, and waits."""
    path = tmp_path / "browser.sh"
    path.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/called\nexec sleep 60\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_a_real_process_starts_with_a_new_profile_and_ends(tmp_path, command):
    profile = tmp_path / "profile"
    profile.mkdir()
    (profile / "Cookies").write_text("old")
    process = ChromiumProcess("http://127.0.0.1:1/", profile, str(command))
    process.start()
    eventually(lambda: (tmp_path / "called").exists() and (tmp_path / "called").read_text())
    called = (tmp_path / "called").read_text().split()
    assert called == [*KIOSK_FLAGS, f"--user-data-dir={profile}", "http://127.0.0.1:1/"]
    assert process.is_running()
    assert not (profile / "Cookies").exists()
    process.stop()
    assert not process.is_running()
