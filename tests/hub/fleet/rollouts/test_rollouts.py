"""Rollouts on a real database: terminals speak through the inbox, the ticker's duty carries on, people steer."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from hub.core.audit.tables import AuditEntry
from hub.core.errors import Conflict, NotFound
from hub.core.permissions import Role
from hub.core.scope import Grant, Scope
from hub.fleet.bulk import BulkDenied, refusals_audited
from hub.fleet.rollouts import service, steering
from hub.fleet.rollouts.schemas import GroupTerms, NewRollout
from tests.hub.clinic import WHOLE, Clinic
from tests.hub.fleet.rollouts.fleet import NEW, OLD, RELEASE, Fleet

OPERATOR_OF_NORTH = Scope(
    "clinic", grants=frozenset({Grant("north", Role.FLEET)}), actor="account/7"
)
ALONE = GroupTerms(percent=100, success_percent=100, soak_minutes=0, silence_minutes=60)


def steer(clinic: Clinic, act: Callable[..., Any], *rest: Any, **named: Any) -> Any:
    with clinic.workplace.begin() as work:
        return act(work, WHOLE, *rest, **named)


def test_a_release_goes_from_the_canaries_to_all(clinic: Clinic) -> None:
    fleet = Fleet(clinic, 8)
    name = fleet.rollout(canaries=2)
    fleet.look()
    assert fleet.told() == fleet.names[:2]
    fleet.report(fleet.names[:2], "running")
    fleet.look(minutes=1)
    assert fleet.now(name).groups[0].standings["under_way"] == 2
    fleet.take(fleet.names[:2])
    fleet.look(minutes=1)
    assert fleet.now(name).groups[0].standings["confirmed"] == 2
    fleet.look(minutes=59)
    assert fleet.told() == fleet.names[:2], "the soak time is not over"
    fleet.look(minutes=1)
    assert fleet.told() == fleet.names
    fleet.take(fleet.names[2:])
    fleet.look(minutes=1)
    assert fleet.now(name).state == "done"
    assert [what for what, _by, _group, _reason in fleet.history(name)] == [
        "begun", "group_begun", "group_succeeded", "group_begun", "group_succeeded", "done",
    ]  # fmt: skip
    parts = fleet.parts(name)
    assert {part.before for part in parts.values()} == {OLD}


def test_three_of_ten_canaries_fail_and_nobody_else_is_told(clinic: Clinic) -> None:
    fleet = Fleet(clinic, 20)
    name = fleet.rollout(canaries=10)
    fleet.look()
    fleet.report(fleet.names[:3], "failed", OLD, reason="health gate: screen")
    fleet.look(minutes=1)
    assert fleet.now(name).state == "running", "three have ended, which is too few to judge"
    fleet.take(fleet.names[3:5])
    fleet.look(minutes=1)
    now = fleet.now(name)
    assert (now.state, now.reason, now.reason_group) == ("paused", "too_many_failures", 0)
    assert ("paused", "hub", 0, "too_many_failures") in fleet.history(name)
    fleet.take(fleet.names[5:6])
    fleet.look(hours=30)
    assert fleet.told() == fleet.names[:10]
    parts = fleet.parts(name)
    assert parts["t-01"].detail == "health gate: screen"
    assert parts["t-06"].standing == "confirmed", "late news is seen"
    assert parts["t-07"].standing == "waiting", "what had not begun was taken back"
    with clinic.workplace.read() as work:
        told = work.connection.execute(
            select(AuditEntry.action, AuditEntry.actor).where(AuditEntry.action == "rollout.paused")  # type: ignore[arg-type]
        ).all()
    assert [tuple(entry) for entry in told] == [("rollout.paused", "hub")]


def test_one_forbidden_terminal_forbids_the_whole_deed_and_it_is_audited(clinic: Clinic) -> None:
    fleet = Fleet(clinic, 4)
    mine = NewRollout(release=NEW, channel="stable", devices=["t-01", "t-03"], groups=[ALONE])
    both = mine.model_copy(update={"devices": ["t-01", "t-02", "t-03"]})
    with (
        pytest.raises(BulkDenied),
        refusals_audited(clinic.workplace, OPERATOR_OF_NORTH, "rollout.begin") as work,
    ):
        service.begin(work, OPERATOR_OF_NORTH, both, RELEASE, "north-fleet")
    fleet.look()
    assert fleet.told() == []
    with clinic.workplace.read() as work:
        entry = (
            work.session.exec(select(AuditEntry).order_by(AuditEntry.number.desc()))
            .scalars()
            .first()
        )  # type: ignore
    assert (entry.action, entry.actor) == ("rollout.begin.denied", "account/7")
    assert "t-02" in entry.detail

    name = fleet.begin(both)
    for act in (steering.pause, steering.abort):
        with pytest.raises(BulkDenied), clinic.workplace.begin() as work:
            act(work, OPERATOR_OF_NORTH, name, "north-fleet")
    with clinic.workplace.read() as work:
        seen = service.rollout(work, OPERATOR_OF_NORTH, name)
        assert seen.groups[0].size == 2, "of what is not theirs they see nothing"
        assert [p.device for p in service.parts(work, OPERATOR_OF_NORTH, name)] == ["t-01", "t-03"]
        with pytest.raises(NotFound):
            service.rollout(work, Scope("clinic", frozenset({"west"})), name)
    with pytest.raises(Conflict, match="terminal t-01 is"):
        fleet.begin(mine)
