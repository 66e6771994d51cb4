"""Five weeks of history in a real hub's database: stored as in real life, marked, and never twice."""

import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import text

from contract.topics import DeviceAddress
from hub.app import Hub, wire
from hub.core.scope import Scope
from hub.core.settings import HubSettings
from hub.feedback import figures_service
from hub.feedback.figures.measures import NPS
from hub.feedback.figures.origin import BaseSource, Period
from hub.feedback.questions import Question
from hub.feedback.tallies import Selection
from hub.fleet import service as fleet
from hub.identity import service as identity
from hub.identity.schemas import NewEmployee, NewFacility, NewTouchpoint
from hub.sms.campaigns import definitions
from hub.sms.campaigns.definitions import CampaignState
from hub.sms.campaigns.schemas import NewCampaign
from hub.sms.campaigns.steering import steer
from tests.fakes.waiting import eventually
from wellheard.demo.cast import (
    AFTER_VISIT,
    CAMPAIGNS,
    FACILITIES,
    HISTORY_EPOCH,
    PAST_ALONE,
    PEOPLE,
    PLACES,
    SCREENS,
)
from wellheard.demo.history import write_history
from wellheard.demo.past import DAYS
from wellheard.demo.portraits import portrait
from wellheard.demo.standing_in import standing_in
from wellheard.demo.story import WORSE, WORSE_DAYS
from wellheard.demo.terminals import TERMINALS

NOW = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)
WHOLE = Scope("clinic")


def furnished(data: Path) -> Hub:
    hub = wire(HubSettings(data=data, demonstration=True))
    with hub.parts.workplace.begin() as work:
        for facility, name in FACILITIES.items():
            identity.create_facility(work, WHOLE, NewFacility(id=facility, name=name))
        for place, told in PLACES.items():
            known = NewTouchpoint(id=place, facility=told.facility, name=told.name)
            identity.create_touchpoint(work, WHOLE, known)
        for person, who in PEOPLE.items():
            someone = NewEmployee(id=person, facility=who.facility, name=who.name)
            identity.create_employee(work, WHOLE, someone)
        for terminal in TERMINALS:
            address = DeviceAddress("clinic", "demo", terminal.device)
            fleet.enrol(work, WHOLE, address, terminal.name, SCREENS[terminal.device])
        for campaign in CAMPAIGNS:
            asked = NewCampaign.model_validate({"facility": "demo", **campaign}, strict=False)
            definitions.create(work, WHOLE, asked, "test")
            steer(work, WHOLE, asked.id, CampaignState.RUNNING)
    return hub


def asked(hub: Hub, statement: str) -> list[tuple[Any, ...]]:
    with hub.parts.workplace.read() as work:
        return [tuple(row) for row in work.connection.execute(text(statement))]


def test_five_weeks_are_written_once_and_continued_later(tmp_path: Path) -> None:
    hub = furnished(tmp_path)
    shares: list[float] = []
    now_ms = int(NOW.timestamp() * 1000)
    written = write_history(tmp_path, now_ms, 1, shares.append)
    assert written > 5000
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert write_history(tmp_path, now_ms, 1, shares.append) == 0
    assert_all_is_here_and_marked(hub, written)
    assert_figures_tell_the_story(hub)
    assert_cases_are_in_several_hands(hub, now_ms)
    with standing_in(tmp_path):
        eventually(lambda: seen_since(hub, now_ms) == set(PAST_ALONE))
    a_day_later = now_ms + 24 * 3600 * 1000
    assert 100 < write_history(tmp_path, a_day_later, 1, shares.append) < written / 10
    with hub.parts.workplace.read() as work:
        assert not any(row.missing_count or row.duplicates for row in fleet.ledgers(work, WHOLE))
    hub.database.close()


def seen_since(hub: Hub, at_ms: int) -> set[str]:
    with hub.parts.workplace.read() as work:
        return {d.device for d in fleet.devices(work, WHOLE) if (d.last_seen_ms or 0) > at_ms}


def assert_all_is_here_and_marked(hub: Hub, written: int) -> None:
    with hub.parts.workplace.read() as work:
        ledgers = fleet.ledgers(work, WHOLE)
        assert {row.device for row in ledgers} == set(SCREENS)
        assert {row.epoch for row in ledgers} == {HISTORY_EPOCH}
        assert sum(row.received for row in ledgers) == written
        assert not any(row.missing_count or row.duplicates for row in ledgers)
        wishes = work.connection.execute(text("SELECT sealed FROM contact")).scalars().all()
        opened = [json.loads(work.vault.open(sealed)) for sealed in wishes]
    assert len(opened) > 50
    assert all(b"+44" not in sealed for sealed in wishes)
    assert all(one["phone"].startswith("+447700900") and one["demo"] for one in opened)
    of_terminals = "SELECT DISTINCT extra FROM response WHERE kind <> 'sms'"
    assert asked(hub, of_terminals) == [('{"demo": true}',)]
    by_sms = asked(hub, "SELECT DISTINCT campaign FROM response WHERE kind = 'sms'")
    assert by_sms == [(AFTER_VISIT,)]  # whose name says that its patients are invented
    assert asked(hub, "SELECT DISTINCT source, entered_by FROM served") == [
        ("demo", "demonstration")
    ]
    assert asked(hub, "SELECT count(*) FROM dead_letter") == [(0,)]


def assert_cases_are_in_several_hands(hub: Hub, now_ms: int) -> None:
    by_status = dict(asked(hub, "SELECT status, count(*) FROM patient_case GROUP BY status"))
    assert {"new", "qualified", "investigating", "closed"} <= set(by_status)
    assert by_status["closed"] > by_status["new"]
    of_colleagues = "SELECT count(DISTINCT responsible) FROM patient_case WHERE status = 'closed'"
    assert asked(hub, of_colleagues) == [(2,)]
    ((first, last, done),) = asked(
        hub, "SELECT min(opened_ms), max(opened_ms), max(at_ms) FROM patient_case, case_event"
    )
    assert first < now_ms - 25 * 24 * 3600 * 1000
    assert max(last, done) <= now_ms


def assert_figures_tell_the_story(hub: Hub) -> None:
    today = NOW.date()
    turned = today - timedelta(days=WORSE_DAYS)
    before = Selection(Period(today - timedelta(days=DAYS), turned))
    since = Selection(Period(turned + timedelta(days=1), today - timedelta(days=1)))
    recommend, score = Question("express", "recommend"), Question("nps", "recommend_clinic_score")
    with hub.parts.workplace.read() as work:
        then, now = (
            {
                one.employee: one.attraction.figure
                for one in figures_service.attraction_by_employee(work, WHOLE, when, recommend)
            }
            for when in (before, since)
        )
        scores = figures_service.figure(work, WHOLE, before, score, NPS).figure
        busy = figures_service.heat(work, WHOLE, since)
    assert then[WORSE].value is not None
    assert now[WORSE].value is not None
    assert now[WORSE].value < then[WORSE].value - 5
    assert then[WORSE].origin is not None
    assert then[WORSE].origin.base_source is BaseSource.DEMO
    assert scores.n > 200
    assert scores.value == pytest.approx(45, abs=25)
    assert sum(busy[0]) > 2 * sum(busy[6])


def test_portraits_are_pictures_that_differ() -> None:
    pictures = {portrait(who, long_hair=person.long_hair) for who, person in PEOPLE.items()}
    assert len(pictures) > len(PEOPLE) / 2
    assert portrait("x", long_hair=False) == portrait("x", long_hair=False)
    for picture in pictures:
        with Image.open(BytesIO(picture)) as image:
            assert image.size == (480, 480)
