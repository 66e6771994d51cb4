"""Settings are taken as a whole or not at all, tried, and taken back by themselves when they cut the terminal off."""

import json
from pathlib import Path
from typing import Any

import pytest

from contract.documents import DesiredConfiguration, ReportedSettings, RotaShift
from contract.settings import SettingsDocument
from edge.fleet.configuration.configuration import SETTLED_S, Configuration
from edge.remote_settings import OwnSettings
from edge.rota import Rota
from edge.settings import EdgeSettings
from tests.edge.drafts import HeldTerminalClock

OWN = EdgeSettings.model_validate(
    {
        "organisation": "clinic",
        "facility": "main",
        "device": "hall-1",
        "broker": {"host": "hub.example", "port": 8883, "user": "hall-1", "password": "secret"},
        "screen": {"touchpoints": ["hall"], "mode": "express"},
        "trial_s": 60,
    }
)
AUTHORITY = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


class Run:
    """One run of the agent; `began_anew` tells that it was asked to make way for the next one."""

    def __init__(self, folder: Path, own: EdgeSettings = OWN) -> None:
        self.clock = HeldTerminalClock()
        self.rota = Rota(folder / "desired.json")
        self.configuration = Configuration(folder, OwnSettings(own, folder), self.rota, self.clock)
        self.quiet_s = 60.0
        self.may_try = True
        self.began_anew = 0

    @property
    def settings(self) -> EdgeSettings:
        return self.configuration.settings

    @property
    def reported(self) -> ReportedSettings:
        reported = self.configuration.reported().settings
        assert reported is not None
        return reported

    def want(self, version: int, values: Any) -> None:
        settings = SettingsDocument(version=version, values=values)
        document = DesiredConfiguration(version=version, settings=settings)
        self.configuration.desired(document.model_dump_json().encode())
        self.tick()

    def tick(self, s: float = 0) -> None:
        self.clock.move(s=s)
        self.configuration.tick(lambda: self.quiet_s, self._begin_anew, may_try=self.may_try)

    def _begin_anew(self) -> None:
        self.began_anew += 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_settings_hold_once_an_agent_has_run_with_them(folder: Path) -> None:
    first = Run(folder)
    first.want(7, {"screen": {"question_s": 40, "languages": ["ca", "es"]}})
    assert (first.began_anew, first.reported.outcome, first.reported.version) == (1, "trial", 0)
    second = Run(folder)
    assert second.settings.screen is not None
    assert (second.settings.screen.question_s, second.settings.screen.languages) == (
        40,
        ("ca", "es"),
    )
    second.tick(SETTLED_S - 1)
    assert second.reported.outcome == "trial"
    second.tick(1)
    assert second.reported == ReportedSettings(version=7)
    assert Run(folder).settings == second.settings
    assert Run(folder).reported == ReportedSettings(version=7)


def test_a_changed_connection_holds_once_the_hub_itself_has_answered(folder: Path) -> None:
    Run(folder).want(7, {"broker": {"host": "new.example", "ca": AUTHORITY}})
    run = Run(folder)
    assert (run.settings.broker.host, run.settings.broker.password) == ("new.example", "secret")
    assert Path(run.settings.broker.ca_file or "").read_text() == AUTHORITY
    run.tick(59)
    assert run.reported.outcome == "trial"
    run.configuration.hub_answered()
    run.tick()
    assert run.reported == ReportedSettings(version=7)


def test_a_connection_that_is_cut_off_reverts_by_itself_and_is_not_tried_again(
    folder: Path,
) -> None:
    Run(folder).want(7, {"broker": {"host": "nowhere.example"}})
    run = Run(folder)
    run.tick(60)
    assert run.began_anew == 1
    after = Run(folder)
    assert after.settings == OWN
    expected = ReportedSettings(
        version=0,
        tried=7,
        outcome="reverted",
        reason="broker: the hub could not be reached with these settings",
    )
    assert after.reported == run.reported == expected
    after.want(7, {"broker": {"host": "nowhere.example"}})
    assert (after.began_anew, after.reported) == (0, expected)
    after.want(8, {"broker": {"host": "new.example"}})
    assert (after.began_anew, after.reported.outcome) == (1, "trial")


def test_a_hub_at_another_address_holds_once_it_has_answered_by_http(folder: Path) -> None:
    Run(folder).want(7, {"hub": {"url": "https://new.example"}})
    run = Run(folder)
    assert run.configuration.is_hub_on_trial
    run.configuration.hub_answered()  # over the broker, which proves nothing of it
    run.tick(59)
    assert run.reported.outcome == "trial"
    run.configuration.hub_served()
    run.tick()
    assert run.reported == ReportedSettings(version=7)
    assert not Run(folder).configuration.is_hub_on_trial


def test_a_hub_that_does_not_answer_by_http_is_taken_back(folder: Path) -> None:
    """Whom to believe is asked of both ways, for the hub's certificate is checked against the broker's authorities."""
    own = OWN.model_copy(update={"hub_url": "https://hub.example"})
    for version, values in enumerate(
        ({"hub": {"url": "https://elsewhere.example"}}, {"broker": {"ca": AUTHORITY}}), 7
    ):
        Run(folder, own).want(version, values)
        run = Run(folder, own)
        run.configuration.hub_answered()
        run.tick(60)
        assert run.began_anew == 1
        after = Run(folder, own)
        assert after.settings == own
        assert (after.reported.tried, after.reported.outcome) == (version, "reverted")
        assert after.reported.reason.startswith("hub.url: ")


def test_it_reverts_to_what_held_before_and_not_to_its_own(folder: Path) -> None:
    Run(folder).want(7, {"outbox": {"rows": 500}})
    held = Run(folder)
    held.tick(SETTLED_S)
    held.want(8, {"outbox": {"rows": 900}, "broker": {"port": 1}})
    Run(folder).tick(60)
    after = Run(folder)
    assert (after.settings.outbox.rows, after.settings.broker.port) == (500, 8883)
    assert (after.reported.version, after.reported.tried) == (7, 8)


def test_an_agent_that_does_not_stay_up_reverts_too(folder: Path) -> None:
    Run(folder).want(7, {"outbox": {"rows": 500}})
    for _ in range(3):
        assert Run(folder).settings.outbox.rows == 500
    after = Run(folder)
    assert after.settings == OWN
    assert after.reported.reason == "the agent did not stay up with these settings"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"broker": {"port": 70_000}}, "broker.port: "),
        ({"broker": {"host": "a b"}}, "broker.host: "),
        ({"screen": {"mode": "dance"}}, "screen.mode: "),
        ({"screen": {"size": 7}}, "screen.size: a setting that this version does not know"),
        ({"screen": {"languages": ["xx"]}}, "screen.languages: there are no texts in xx"),
        ({"screen": {"brightness": 5}, "outbox": {"rows": 500}}, "screen.brightness: "),
        ({"broker": {"tls": False, "ca": AUTHORITY}}, "broker.ca: "),
    ],
    ids=str,
)
def test_what_may_not_be_is_refused_as_a_whole_by_the_field_s_name(
    folder: Path, values: dict[str, Any], reason: str
) -> None:
    run = Run(folder)
    run.want(7, values)
    assert (run.began_anew, run.reported.outcome, run.reported.tried) == (0, "refused", 7)
    assert run.reported.reason.startswith(reason)
    assert Run(folder).settings == OWN
    assert Run(folder).reported == run.reported


def test_what_is_there_on_other_terminals_is_passed_over(folder: Path) -> None:
    without = OWN.model_copy(update={"screen": None})
    Run(folder, without).want(7, {"screen": {"mode": "nps"}, "camera": {"zone": "staff"}})
    run = Run(folder, without)
    assert run.settings == without
    run.tick(SETTLED_S)
    assert run.reported == ReportedSettings(version=7)


def test_nothing_begins_anew_while_somebody_is_there(folder: Path) -> None:
    run = Run(folder)
    run.quiet_s = 0
    run.want(7, {"outbox": {"rows": 500}})
    assert run.began_anew == 0
    run.quiet_s = 6
    run.tick()
    run.tick()
    assert run.began_anew == 1


def test_settings_wait_while_a_version_is_tried_but_are_taken_back_at_once(folder: Path) -> None:
    run = Run(folder)
    run.may_try = False
    run.want(7, {"broker": {"host": "nowhere.example"}})
    run.tick(3600)
    assert run.began_anew == 0
    run.may_try = True
    run.tick()
    assert run.began_anew == 1
    tried = Run(folder)
    tried.may_try = False
    tried.tick(60)
    assert (tried.began_anew, tried.reported.outcome) == (1, "reverted")


def test_the_same_values_in_a_new_version_hold_at_once(folder: Path) -> None:
    run = Run(folder)
    run.want(7, {})
    assert (run.began_anew, run.reported) == (0, ReportedSettings(version=7))


def test_a_document_that_cannot_be_read_is_reported_and_changes_nothing(folder: Path) -> None:
    run = Run(folder)
    shift = RotaShift(shift="s", touchpoint="hall", employee="ana", starts_ms=0, ends_ms=1)
    good = DesiredConfiguration(version=3, rota=[shift])
    run.configuration.desired(good.model_dump_json().encode())
    bad = json.loads(good.model_dump_json()) | {"version": 4, "rota": [{"shift": "s"}]}
    run.configuration.desired(json.dumps(bad).encode())
    reported = run.configuration.reported()
    assert (reported.version, reported.refused) == (3, "rota.0.touchpoint: Field required")
    assert run.rota.document == good
    run.configuration.desired(good.model_copy(update={"version": 5}).model_dump_json().encode())
    assert (run.configuration.reported().version, run.configuration.reported().refused) == (5, "")


def test_refused_settings_are_no_reason_to_lose_a_rota(folder: Path) -> None:
    run = Run(folder)
    run.want(7, {"screen": {"mode": "dance"}})
    assert run.rota.version == 7


def test_an_unreadable_file_of_settings_leaves_the_terminal_its_own(folder: Path) -> None:
    (folder / "settings.json").write_bytes(b"\x00\x01")
    assert Run(folder).settings == OWN
    assert (folder / "settings.unreadable").exists()
