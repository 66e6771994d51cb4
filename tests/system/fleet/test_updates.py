"""Updates of real agents, from a real hub and over a real broker."""

from pathlib import Path

from tests.system.fleet.site import Site


def test_a_release_is_installed_tried_and_confirmed(folder: Path) -> None:
    with Site(folder) as site:
        station = site.station
        station.supervisor.start()
        station.await_up()
        assert station.running() == "1.0"
        site.release("1.1")
        job = site.ask("1.1")
        ended = site.await_end(job)
        assert (ended.outcome, ended.release) == ("done", "1.1"), ended
        assert station.running() == "1.1"
