"""A telephone number's traces are found, handed over and erased within a scope; old ones go by themselves."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from contract.codec import encode
from contract.messages import ContactLeft
from hub.app import personal_holders
from hub.core.arrivals import Delivery
from hub.core.errors import BadInput, Forbidden
from hub.core.objects import ObjectFolder
from hub.core.privacy import requests, retention
from hub.core.privacy.retention import DAY_MS, RetentionKeeper
from hub.core.scope import Scope
from hub.feedback.contact_privacy import ContactHolder
from tests.fakes.clock import HeldClock
from tests.hub.clinic import NORTH, SOUTH, WHOLE, Clinic
from tests.hub.identity.test_administration import known

PHONE = "+34600111222"
HOLDERS = personal_holders(ObjectFolder(Path("no-photographs")), ObjectFolder(Path("no-files")))


def leave(clinic: Clinic, number: int, phone: str = PHONE, at: Any = NORTH) -> None:
    message = ContactLeft(
        device=at.device, epoch=1, sequence=number, time=clinic.stamp(), visit=str(UUID(int=number)),
        phone=phone, comment="Rude at the desk", consent="v1", language="es",
    )  # fmt: skip
    clinic.inbox.store([Delivery(f"{at}/up/ContactLeft", encode(message), clinic.clock.now_ms())])


def kept(clinic: Clinic, scope: Scope, phone: str = PHONE) -> dict[str, Any]:
    with clinic.workplace.begin() as work:
        return dict(requests.kept_of(work, scope, HOLDERS, phone))


def test_a_person_is_found_and_erased_and_the_answers_stay(clinic: Clinic) -> None:
    clinic.press(1, 2)
    leave(clinic, 3)
    leave(clinic, 4, "+34600999888")
    found = kept(clinic, WHOLE, "0034 600 11-12-22")["contacts"]
    assert [(one["phone"], one["comment"]) for one in found] == [(PHONE, "Rude at the desk")]
    with clinic.workplace.begin() as work:
        gone = requests.erase(work, WHOLE, HOLDERS, PHONE)
    assert gone["contacts"] == 1
    assert kept(clinic, WHOLE)["contacts"] == []
    assert len(kept(clinic, WHOLE, "+34600999888")["contacts"]) == 1
    leave(clinic, 3)
    assert kept(clinic, WHOLE)["contacts"] == [], "a replay does not bring the person back"
    with clinic.workplace.read() as work:
        assert work.connection.execute(text("SELECT count(*) FROM response")).scalar_one() == 2
        told = work.connection.execute(text("SELECT action, detail FROM audit_entry")).all()
    actions = [action for action, _detail in told]
    assert actions.count("person.erased") == 1
    assert "600111222" not in json.dumps([list(row) for row in told])


def test_a_letter_that_could_not_be_stored_is_emptied_of_the_number(clinic: Clinic) -> None:
    clinic.garble(b'{"phone": "+34 600-111 222", "comment": "Rude"')
    clinic.garble(b'{"phone": "+34600999888"')
    (found,) = kept(clinic, WHOLE)["dead_letters"]
    assert "Rude" in found["text"]
    assert kept(clinic, WHOLE.within("south"))["dead_letters"] == []
    with clinic.workplace.begin() as work:
        assert requests.erase(work, WHOLE, HOLDERS, PHONE)["dead_letters"] == 1
    assert kept(clinic, WHOLE)["dead_letters"] == []
    assert len(kept(clinic, WHOLE, "+34600999888")["dead_letters"]) == 1


def test_each_facility_answers_for_its_own(clinic: Clinic) -> None:
    leave(clinic, 1, at=SOUTH)
    assert kept(clinic, WHOLE.within("north"))["contacts"] == []
    assert len(kept(clinic, WHOLE.within("south"))["contacts"]) == 1


@pytest.mark.parametrize("role", ["viewer", "agent", "quality_manager", "fleet"])
def test_others_may_not(clinic: Clinic, role: str) -> None:
    with pytest.raises(Forbidden):
        kept(clinic, known(clinic, role).scope())


@pytest.mark.parametrize("written", ["600111222", "", "+", "Maria", "+34 600"])
def test_what_is_no_number_is_said(clinic: Clinic, written: str) -> None:
    with pytest.raises(BadInput):
        kept(clinic, WHOLE, written)


def test_what_is_too_old_goes_by_itself_as_each_facility_says(
    clinic: Clinic, clock: HeldClock
) -> None:
    leave(clinic, 1)
    leave(clinic, 1, at=SOUTH)
    with clinic.workplace.begin() as work:
        retention.keep(work, WHOLE, ContactHolder(), "north", 10)
        with pytest.raises(BadInput):
            retention.keep(work, WHOLE, ContactHolder(), "north", 0)
    keeper = RetentionKeeper(
        clinic.workplace,
        HOLDERS,
        lambda _work: [("clinic", "north"), ("clinic", "south")],
    )
    clock.move(ms=10 * DAY_MS)
    keeper.step()
    assert len(kept(clinic, WHOLE)["contacts"]) == 2
    clock.move(ms=1)
    keeper.step()
    assert len(kept(clinic, WHOLE.within("north"))["contacts"]) == 0
    assert len(kept(clinic, WHOLE.within("south"))["contacts"]) == 1
    clock.move(ms=ContactHolder().days_kept * DAY_MS)
    keeper.step()
    assert kept(clinic, WHOLE)["contacts"] == []
    with clinic.workplace.read() as work:
        said = text("SELECT facility FROM audit_entry WHERE action = 'retention.let_go'")
        assert [row[0] for row in work.connection.execute(said)] == ["north", "south"]
