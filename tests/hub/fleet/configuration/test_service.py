"""Layers of settings: who may set them, what reaches a terminal, and the way back."""

from typing import Any

import pytest

from contract.documents import DesiredConfiguration, ReportedConfiguration, ReportedSettings
from contract.topics import DeviceAddress
from hub.core.arrivals import Delivery
from hub.core.errors import BadInput, Conflict, Forbidden, NotFound
from hub.core.permissions import Role
from hub.core.scope import Grant, Scope
from hub.core.unit_of_work import Workplace
from hub.feedback.photographs.policies import for_terminals
from hub.feedback.surveys import surveys_on_screens
from hub.fleet import desired, tagging
from hub.fleet.configuration import reports, service
from hub.fleet.configuration.service import Kind, Version
from hub.fleet.desired import Told
from hub.fleet.events import SettingsChanged
from tests.hub.clinic import NORTH, SOUTH, WHOLE, Clinic

TOLD = Told(surveys_on_screens, for_terminals("f" * 64))
OPERATOR_OF_NORTH = Scope(
    "clinic", grants=frozenset({Grant("north", Role.FLEET)}), actor="account/7"
)


@pytest.fixture(autouse=True)
def _clinic(clinic: Clinic) -> None:
    """Two facilities with a terminal each."""


def put(
    workplace: Workplace,
    kind: Kind,
    subject: str,
    values: Any,
    after: int = 0,
    scope: Scope = WHOLE,
) -> int:
    with workplace.begin() as work:
        return service.set_layer(work, scope, kind, subject, values, after=after)


def told(workplace: Workplace) -> dict[DeviceAddress, DesiredConfiguration]:
    with workplace.begin() as work:
        return dict(desired.refresh(work, TOLD))


def history(workplace: Workplace, kind: Kind, subject: str) -> list[Version]:
    with workplace.read() as work:
        return service.history(work, WHOLE, kind, subject)


def test_layers_reach_a_terminal_the_narrowest_first(workplace: Workplace) -> None:
    assert {document.settings for document in told(workplace).values()} == {None}
    put(workplace, "organisation", "", {"screen": {"mode": "nps", "question_s": 30, "form_s": 90}})
    put(workplace, "facility", "north", {"screen": {"question_s": 40}, "outbox": {"rows": 500}})
    with workplace.begin() as work:
        tagging.set_tags(work, WHOLE, NORTH.device, ["ward", "tall"])
    put(workplace, "tag", "tall", {"screen": {"brightness": 50}})
    put(workplace, "tag", "ward", {"screen": {"brightness": 60}})
    put(workplace, "device", NORTH.device, {"screen": {"mode": "express"}})
    changed = told(workplace)
    north, south = changed[NORTH].settings, changed[SOUTH].settings
    assert north is not None
    assert south is not None
    assert north.values == {
        "screen": {"mode": "express", "question_s": 40, "form_s": 90, "brightness": 60},
        "outbox": {"rows": 500},
    }
    assert south.values == {"screen": {"mode": "nps", "question_s": 30, "form_s": 90}}
    assert north.version == changed[NORTH].version
    assert told(workplace) == {}


def test_settings_keep_their_version_while_the_rest_changes(
    workplace: Workplace, clinic: Clinic
) -> None:
    put(workplace, "facility", "north", {"outbox": {"rows": 500}})
    first = told(workplace)[NORTH]
    clinic.clock.move(days=1)
    with workplace.begin() as work:
        work.connection.exec_driver_sql("UPDATE employee SET name = name")
    put(workplace, "facility", "south", {"outbox": {"rows": 700}})
    assert set(told(workplace)) == {SOUTH}
    put(workplace, "facility", "north", {}, after=1)
    second = told(workplace)[NORTH].settings
    assert second is not None
    assert first.settings is not None
    assert (second.values, second.version > first.settings.version) == ({}, True)


def test_a_history_says_who_changed_what_and_leads_back(workplace: Workplace) -> None:
    put(workplace, "facility", "north", {"outbox": {"rows": 500}}, scope=OPERATOR_OF_NORTH)
    put(workplace, "facility", "north", {"outbox": {"rows": 900, "megabytes": 8}}, after=1)
    with workplace.begin() as work:
        service.restore(work, WHOLE, "facility", "north", 1, after=2)
    newest, second, first = history(workplace, "facility", "north")
    assert (newest.values, newest.restores) == ({"outbox": {"rows": 500}}, 1)
    assert (first.changed_by, second.changed_by) == ("account/7", "hub")
    assert [(d.field, d.before, d.after) for d in second.changes] == [
        ("outbox.megabytes", None, 8),
        ("outbox.rows", 500, 900),
    ]
    with pytest.raises(NotFound), workplace.begin() as work:
        service.restore(work, WHOLE, "facility", "north", 9, after=3)


def test_what_may_not_be_is_refused_by_name_and_nothing_is_kept(workplace: Workplace) -> None:
    with pytest.raises(BadInput) as refused:
        put(workplace, "facility", "north", {"outbox": {"rows": 500}, "screen": {"mode": "x"}})
    assert refused.value.field == "screen.mode"
    assert history(workplace, "facility", "north") == []


@pytest.mark.parametrize(
    ("limit", "warning", "failure"), [("temperature_c", 80, 70), ("disk_free_percent", 5, 10)]
)
def test_a_failure_does_not_come_before_its_warning(
    workplace: Workplace, limit: str, warning: int, failure: int
) -> None:
    with pytest.raises(BadInput) as refused:
        put(
            workplace,
            "organisation",
            "",
            {"health": {limit: {"warning": warning, "failure": failure}}},
        )
    assert refused.value.field == f"health.{limit}"
    put(
        workplace,
        "organisation",
        "",
        {"health": {limit: {"warning": failure, "failure": warning}}},
    )


def test_a_tag_is_meant_whatever_way_it_was_typed(workplace: Workplace) -> None:
    with workplace.begin() as work:
        tagging.set_tags(work, WHOLE, NORTH.device, ["lobby"])
    put(workplace, "tag", " Lobby", {"outbox": {"rows": 500}})
    settings = told(workplace)[NORTH].settings
    assert settings is not None
    assert settings.values == {"outbox": {"rows": 500}}
    assert len(history(workplace, "tag", "LOBBY")) == 1
    with pytest.raises(BadInput):
        put(workplace, "tag", "two words", {})


def test_somebody_who_has_not_seen_the_newest_overwrites_nothing(workplace: Workplace) -> None:
    put(workplace, "facility", "north", {"outbox": {"rows": 500}})
    with pytest.raises(Conflict):
        put(workplace, "facility", "north", {"outbox": {"rows": 900}})


def test_whoever_manages_one_facility_sets_nothing_beyond_it(workplace: Workplace) -> None:
    put(workplace, "device", NORTH.device, {"outbox": {"rows": 500}}, scope=OPERATOR_OF_NORTH)
    for kind, subject, error in (
        ("organisation", "", Forbidden),
        ("tag", "ward", Forbidden),
        ("facility", "south", NotFound),
        ("device", SOUTH.device, NotFound),
    ):
        with pytest.raises(error):
            put(workplace, kind, subject, {}, scope=OPERATOR_OF_NORTH)  # type: ignore[arg-type]
    viewer = Scope("clinic", grants=frozenset({Grant(None, Role.VIEWER)}))
    with pytest.raises(Forbidden):
        put(workplace, "facility", "north", {}, after=0, scope=viewer)


def test_a_change_is_told_to_the_facilities_that_it_reaches(
    workplace: Workplace, clinic: Clinic
) -> None:
    heard: list[str] = []
    clinic.listeners.after(SettingsChanged, lambda event: heard.append(event.facility))
    put(workplace, "device", NORTH.device, {"outbox": {"rows": 500}})
    assert heard == ["north"]
    put(workplace, "organisation", "", {"outbox": {"rows": 500}})
    assert heard == ["north", "north", "south"]


def test_what_a_terminal_refused_or_took_back_is_kept(clinic: Clinic, workplace: Workplace) -> None:
    version = told(workplace)[NORTH].version
    tried = ReportedSettings(version=0, tried=7, outcome="reverted", reason="broker: unreachable")
    reported = ReportedConfiguration(version=version, settings=tried)
    payload = reported.model_dump_json(exclude_none=True).encode()
    clinic.inbox.store([Delivery(f"{NORTH}/reported", payload, clinic.clock.now_ms())])
    with workplace.read() as work:
        assert reports.reported(work, WHOLE, NORTH.device) == reported
        assert reports.reported(work, OPERATOR_OF_NORTH, SOUTH.device) is None
