"""Updates of real agents, from a real hub and over a real broker."""

import subprocess
from pathlib import Path

import httpx

from edge.fleet.anew import SUPERVISED, say_farewell
from hub.core.broker.listening import free_port
from tests.browser.chromium import CHROMIUM
from tests.fakes.waiting import eventually
from tests.system.fleet.agents import (
    BLANK,
    CRASHES,
    CRASHES_ONCE_TOLD,
    EATS_MEMORY,
    HANGS,
    MIGRATES_AND_IS_SILENT,
)
from tests.system.fleet.site import PATIENCE_S, Site
from tests.system.fleet.supervisor import Supervisor
from wellheard.release.publishing import write_stick

UNSUPERVISED = ("env", *(word for name in SUPERVISED for word in ("-u", name)))
"""The agent is told of nobody who starts it anew."""
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run")


def test_from_a_release_to_the_next_with_refusals_between(folder: Path) -> None:
    """One terminal's way: what it takes, and what it takes from nobody."""
    with Site(folder) as site:
        site.release("1.1", security_floor="1.1")
        site.station.set_updates(limit_s=60)  # good ones end sooner, but for a busy machine
        site.station.switch_on()
        assert site.station.running() == "1.0"
        _refuse_what_is_not_for_it(site)
        _refuse_what_was_changed(site)


def _refuse_what_is_not_for_it(site: Site) -> None:
    station = site.station
    ended = site.await_end(site.ask("1.1"))
    assert (ended.outcome, ended.release, station.running()) == ("done", "1.1", "1.1")

    old = site.await_end(site.ask("1.0"))
    assert (old.outcome, old.step) == ("rejected", "rules")
    assert "older than 1.1" in old.reason

    site.release("1.2", hardware="aarch64")
    other = site.await_end(site.ask("1.2"))
    assert (other.outcome, other.step) == ("rejected", "rules")
    assert "it is for aarch64" in other.reason


def _refuse_what_was_changed(site: Site) -> None:
    station = site.station
    site.release("1.3")
    for name in ("wellheard-1.3-py3-none-any.whl", "1.3.lock"):
        with _flipped(site.served(name)):
            corrupt = site.await_end(site.ask("1.3"))
        assert (corrupt.outcome, corrupt.step) == ("failed", "corrupt")
    assert site.station.running() == "1.1"

    timestamp = site.hub.data / "releases" / "metadata" / "timestamp.json"
    with _flipped(timestamp):
        forged = site.await_end(site.ask("1.3"))
    assert (forged.outcome, forged.step) == ("rejected", "signatures")

    before = timestamp.read_bytes()
    site.release("1.4")
    assert site.await_end(site.ask("1.9")).step == "signatures"  # and the newest is known here now
    newest = timestamp.read_bytes()
    timestamp.write_bytes(before)
    replayed = site.await_end(site.ask("1.4"))
    assert (replayed.outcome, replayed.step) == ("rejected", "signatures")
    assert "BadVersionNumber" in replayed.reason
    eventually(lambda: "BadVersionNumber" in site.trouble(station), PATIENCE_S)

    timestamp.write_bytes(newest)
    ended = site.await_end(site.ask("1.4"))
    assert ended.outcome == "done", ended
    assert station.running() == "1.4"
    eventually(lambda: site.trouble(station) == "", PATIENCE_S)


def test_a_version_that_crashes_hangs_shows_nothing_or_eats_memory_goes_and_never_comes_again(
    folder: Path,
) -> None:
    with Site(folder, stations=4) as site:
        _try_faulty_versions(site, folder)
        again = site.await_end(site.ask("2.1", site.stations[0]))
        assert (again.outcome, again.step) == ("rejected", "quarantine")
        assert len(site.stations[0].supervisor.starts) == 5  # at first, three tries, and back


def _try_faulty_versions(site: Site, folder: Path) -> None:
    crashing, hanging, blank, greedy = stations = site.stations
    port = free_port()
    blank.set(screen={"touchpoints": ["exit"], "port": port})
    greedy.set_updates(settle_s=30, limit_s=60)  # or it stays before it has eaten much
    for station in stations:
        station.supervisor.start()
    faults = {
        "2.1": (crashing, CRASHES, "did not prove itself in 3 starts"),
        "2.2": (hanging, HANGS, "did not prove itself in 3 starts"),
        "2.3": (blank, BLANK, "shows nothing"),
        "2.4": (greedy, EATS_MEMORY, "did not prove itself in 3 starts"),
    }
    for version, (_, fault, _) in faults.items():
        site.release(version, fault)
    url = f"http://127.0.0.1:{port}/"
    eventually(
        lambda: _is_served(url), PATIENCE_S
    )  # a browser that finds nothing does not look again
    with subprocess.Popen(
        [CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", url],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as browser:
        try:
            jobs = {}
            # A blank page is worse than the one before only where that one has been seen.
            eventually(lambda: _has_painted(url), PATIENCE_S)
            hanging.await_up()
            hanging.supervisor.ready_s = 10
            for version, (station, _, _) in faults.items():
                station.await_up()
                jobs[version] = site.ask(version, station)
            for version, (station, _, reason) in faults.items():
                ended = site.await_end(jobs[version])
                assert (ended.outcome, ended.release) == ("failed", "1.0"), ended
                assert reason in ended.reason
                assert station.running() == "1.0"
                assert [slot.partition("-")[0] for slot in station.record().bad] == [version]
        finally:
            browser.kill()


def _is_served(url: str) -> bool:
    try:
        return httpx.get(url).is_success
    except httpx.TransportError:
        return False


def _has_painted(url: str) -> bool:
    return bool(httpx.get(f"{url}painted").json()["painted_ms"])


def test_no_patient_is_interrupted_and_no_answer_lost(folder: Path) -> None:
    """Somebody is there; the outbox is changed and changed back; the agent is killed at every step that is seen; at
    last even versions that had been kept crash.
    """
    with Site(folder) as site:
        site.release("1.1")
        site.station.set_updates(
            quiet_s=5
        )  # so that whoever presses again and again is always there
        site.station.switch_on()
        _wait_for_whoever_is_there(site)
        _take_a_migration_back(site)
        _kill_at_every_step(site)
        _crash_after_it_was_kept(site)


def _wait_for_whoever_is_there(site: Site) -> None:
    station = site.station
    station.press()
    job = site.ask("1.1", station)
    eventually(lambda: site.outcome(job).reason == "somebody is at the terminal", PATIENCE_S)
    for _ in range(8):
        station.press()
        assert station.running() == "1.0"
        eventually(lambda: site.outcome(job).outcome == "waiting", PATIENCE_S)
    station.set_updates(quiet_s=1)
    assert site.await_end(job).outcome == "done"
    assert station.running() == "1.1"


def _take_a_migration_back(site: Site) -> None:
    """The new version changes the outbox and sends nothing; the old one goes on with what it finds."""
    station = site.station
    site.release("3.0", MIGRATES_AND_IS_SILENT)
    before = site.answers(station)
    station.press()
    job = site.ask("3.0", station)
    eventually(lambda: station.running() == "3.0" and station.is_up(), PATIENCE_S)
    station.press()
    ended = site.await_end(job)
    assert ended.outcome == "failed"
    assert "the hub has not confirmed" in ended.reason
    station.press()
    eventually(lambda: station.waiting() == 0, PATIENCE_S)
    assert site.answers(station) == before + 3


def _kill_at_every_step(site: Site) -> None:
    station = site.station
    site.release("3.4", CRASHES_ONCE_TOLD)
    before = site.answers(station)
    station.press()
    seen: set[str] = set()
    job = site.ask("3.4", station)
    while site.outcome(job).closed is None:
        underway = station.record().underway
        if underway is not None and underway.step not in seen:
            seen.add(underway.step)
            station.supervisor.kill()
            station.supervisor.await_next_start()
            station.supervisor.kill()
            say_farewell(station.folder)  # the launcher must not blame the version for this
    assert site.outcome(job).outcome == "done"
    assert station.running() == "3.4"
    assert len(seen) >= 3
    eventually(lambda: station.waiting() == 0, PATIENCE_S)
    assert site.answers(station) == before + 1


def _crash_after_it_was_kept(site: Site) -> None:
    """The newest gives way to the one before, which stays although it crashes, too, and tells of it once it can."""
    station, supervisor = site.station, site.station.supervisor
    site.release("3.5", CRASHES_ONCE_TOLD)
    assert site.await_end(site.ask("3.5", station)).outcome == "done"
    answers = site.answers(station)
    station.press()
    (station.folder / "crash").touch()
    supervisor.kill()
    eventually(lambda: station.running() == "3.4", PATIENCE_S)
    so_far = len(supervisor.starts)
    eventually(lambda: len(supervisor.starts) > so_far + 6, PATIENCE_S)
    assert station.running() == "3.4"
    (station.folder / "crash").unlink()
    station.await_up()
    eventually(lambda: "3.5" in site.trouble(station), PATIENCE_S)
    assert station.record().good.startswith("3.4")
    eventually(lambda: site.answers(station) == answers + 1, PATIENCE_S)
    assert site.await_end(site.ask("3.5", station)).step == "quarantine"


def test_a_site_helps_itself(folder: Path) -> None:
    """Wheels come from a terminal of the site, a release from a stick; and a trial does without the hub."""
    with Site(folder, stations=2) as site:
        _borrow_wheels(site)
        _install_from_a_stick(site, folder)
        _try_without_the_hub(site)


def _borrow_wheels(site: Site) -> None:
    lender, borrower = site.stations
    port = free_port()
    lender.set_updates(share_port=port)
    borrower.set_updates(peers=[f"http://127.0.0.1:{port}"], sticks=[str(site.folder / "media")])
    borrower.supervisor = Supervisor(borrower.folder, within=UNSUPERVISED)
    for station in (lender, borrower):
        station.switch_on()
    site.release("3.1")
    assert site.await_end(site.ask("3.1", lender)).outcome == "done"
    wheel = site.served("wellheard-3.1-py3-none-any.whl")
    kept = wheel.read_bytes()
    wheel.unlink()
    assert site.await_end(site.ask("3.1", borrower)).outcome == "done"
    assert borrower.running() == "3.1"
    wheel.write_bytes(kept)


def _install_from_a_stick(site: Site, folder: Path) -> None:
    borrower = site.stations[1]
    site.release("3.2")
    write_stick(site.hub.data / "releases", folder / "ready", "stable", "3.2")
    (folder / "media" / "STICK").mkdir(parents=True)
    (folder / "ready").rename(folder / "media" / "STICK" / "wellheard")
    eventually(lambda: (borrower.record().good or "").startswith("3.2"), PATIENCE_S)
    assert (
        len(borrower.supervisor.starts) == 1
    )  # from 1.0 to here in one process, by way of the launcher


def _try_without_the_hub(site: Site) -> None:
    station = site.stations[0]
    station.set_updates(settle_s=6)
    station.supervisor.kill()
    station.supervisor.await_next_start()
    station.await_up()
    site.release("3.3")
    job = site.ask("3.3", station)
    eventually(lambda: station.record().trial is not None, PATIENCE_S)
    site.hub.process.kill()
    site.broker.kill()
    eventually(lambda: (station.record().good or "").startswith("3.3"), PATIENCE_S)
    site.broker.start()
    site.broker.await_up()
    site.hub.start()
    site.hub.await_ready()
    ended = site.await_end(job)
    assert (ended.outcome, ended.release) == ("done", "3.3")
    assert "could not be asked" in ended.reason


class _flipped:  # noqa: N801 - used as a statement
    """A file with one bit the other way, as long as the block lasts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._content = path.read_bytes()

    def __enter__(self) -> None:
        place = len(self._content) // 2
        if self._path.suffix == ".json":  # a bit of what is signed, not of the form
            place = self._content.index(b'"expires"') + len('"expires":"2')
        flipped = bytearray(self._content)
        flipped[place] ^= 1
        self._path.write_bytes(flipped)

    def __exit__(self, *_: object) -> None:
        self._path.write_bytes(self._content)
