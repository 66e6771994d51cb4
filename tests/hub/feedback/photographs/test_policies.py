"""Each facility decides whether photographs are taken; who and when is remembered, and its terminals are told."""

import pytest

from contract.documents import PhotographConfiguration
from contract.photographs import Policy
from hub.core.errors import Conflict, NotFound
from hub.core.scope import Scope
from hub.core.unit_of_work import Listeners
from hub.feedback.events import PhotographPolicyChanged
from hub.feedback.photographs import policies
from hub.feedback.photographs.policies import PolicyView
from tests.fakes.clock import HeldClock
from tests.hub.clinic import WHOLE, Clinic

KEY = "5f" * 32
SOUTH_ONLY = Scope("clinic", frozenset({"south"}))


def change(clinic: Clinic, policy: Policy, seen: int = 0) -> PolicyView:
    with clinic.workplace.begin() as work:
        return policies.change(work, WHOLE, "north", policy, seen=seen, by="eva")


def told(clinic: Clinic, facility: str) -> PhotographConfiguration | None:
    with clinic.workplace.read() as work:
        return policies.for_terminals(KEY)(work, Scope("clinic", frozenset({facility})))


def test_nothing_is_photographed_until_somebody_says_so(clinic: Clinic) -> None:
    with clinic.workplace.read() as work:
        assert policies.in_force(work, WHOLE, "north") == PolicyView("north")
    assert told(clinic, "north") is None


def test_a_change_reaches_the_terminals_of_its_facility_alone(
    clinic: Clinic, listeners: Listeners
) -> None:
    heard: list[PhotographPolicyChanged] = []
    listeners.after(PhotographPolicyChanged, heard.append)
    change(clinic, Policy.BLURRED)
    assert heard == [PhotographPolicyChanged("clinic", "north")]
    assert told(clinic, "north") == PhotographConfiguration(policy="blurred", key=KEY)
    assert told(clinic, "south") is None


def test_who_changed_what_and_when_is_remembered_and_can_be_taken_back(
    clinic: Clinic, clock: HeldClock
) -> None:
    changed = change(clinic, Policy.FULL)
    assert (changed.changed_by, changed.at_ms) == ("eva", clock.now_ms())
    with clinic.workplace.begin() as work:
        policies.restore(work, WHOLE, "north", version=0, by="ana")
    with clinic.workplace.read() as work:
        known = policies.versions(work, WHOLE, "north")
    assert [(one.version, one.policy, one.changed_by) for one in known] == [
        (2, Policy.OFF, "ana"),
        (1, Policy.FULL, "eva"),
        (0, Policy.OFF, ""),
    ]
    with pytest.raises(NotFound), clinic.workplace.begin() as work:
        policies.restore(work, WHOLE, "north", version=9, by="ana")


def test_what_changes_nothing_is_no_version(clinic: Clinic) -> None:
    assert change(clinic, Policy.OFF).version == 0


def test_nobody_overwrites_what_they_have_not_seen(clinic: Clinic) -> None:
    change(clinic, Policy.FULL)
    with pytest.raises(Conflict):
        change(clinic, Policy.BLURRED)


def test_another_facility_is_not_there(clinic: Clinic) -> None:
    with pytest.raises(NotFound), clinic.workplace.begin() as work:
        policies.change(work, SOUTH_ONLY, "north", Policy.FULL, seen=0, by="eva")
