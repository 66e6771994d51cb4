"""Who may do what, and where: the table of permissions, and how it narrows a scope."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.errors import Forbidden
from hub.core.permissions import HOLDERS, Permission, Role, permissions_of
from hub.core.scope import Grant, Scope, may_give, needs, require

PLACES = ["north", "south", "east"]
LADDER = [
    Role.VIEWER,
    Role.AGENT,
    Role.QUALITY_MANAGER,
    Role.FACILITY_MANAGER,
    Role.ADMINISTRATOR,
]
GRANTS = st.frozensets(
    st.builds(Grant, st.sampled_from([None, *PLACES]), st.sampled_from(list(Role))), max_size=4
)
FACILITIES = st.none() | st.frozensets(st.sampled_from(PLACES))


def test_every_permission_says_who_holds_it() -> None:
    assert set(HOLDERS) == set(Permission)
    assert all(Role.ADMINISTRATOR in holders for holders in HOLDERS.values())


@pytest.mark.parametrize("step", range(1, len(LADDER)))
def test_each_role_may_do_what_the_one_below_may_and_more(step: int) -> None:
    assert permissions_of(LADDER[step - 1]) < permissions_of(LADDER[step])


def test_fleet_operators_see_devices_and_nothing_of_patients_or_staff() -> None:
    assert permissions_of(Role.FLEET) == {
        Permission.SEE_PLACES,
        Permission.SEE_DEVICES,
        Permission.MANAGE_DEVICES,
    }


def test_viewers_see_neither_telephones_nor_photographs() -> None:
    assert not permissions_of(Role.VIEWER) & {
        Permission.SEE_TELEPHONES,
        Permission.SEE_PHOTOGRAPHS,
        Permission.SEE_DEAD_LETTERS,
    }


@given(GRANTS, FACILITIES, st.sampled_from(list(Permission)), st.sampled_from(PLACES))
def test_a_scope_is_narrowed_to_exactly_where_the_permission_is_held(
    grants: frozenset[Grant], facilities: frozenset[str] | None, asked: Permission, place: str
) -> None:
    scope = Scope("clinic", facilities, grants)
    given_here = {grant.role for grant in grants if grant.facility in {None, place}}
    allowed = scope.covers("clinic", place) and any(asked in permissions_of(r) for r in given_here)
    part = scope.held(asked)
    assert (part is not None and part.covers("clinic", place)) == allowed


def test_who_has_a_permission_nowhere_is_refused() -> None:
    scope = Scope("clinic", None, frozenset({Grant("north", Role.VIEWER)}))
    assert require(scope, Permission.SEE_ANSWERS).facilities == {"north"}
    with pytest.raises(Forbidden):
        require(scope, Permission.SEE_TELEPHONES)
    with pytest.raises(Forbidden):
        require(scope.within("south"), Permission.SEE_ANSWERS)
    assert require(Scope("clinic"), Permission.ADMINISTER) == Scope("clinic"), "the hub itself"


def test_a_function_says_what_it_needs() -> None:
    @needs(Permission.SEE_ANSWERS)
    def where(_work: None, scope: Scope, found: list[str]) -> list[str]:
        return [place for place in found if scope.covers("clinic", place)]

    grants = frozenset({Grant("north", Role.VIEWER), Grant("south", Role.FLEET)})
    assert where(None, Scope("clinic", None, grants), PLACES) == ["north"]
    with pytest.raises(Forbidden):
        where(None, Scope("clinic", None, frozenset({Grant(None, Role.FLEET)})), PLACES)


@given(GRANTS, st.builds(Grant, st.sampled_from([None, *PLACES]), st.sampled_from(list(Role))))
def test_nobody_gives_more_than_they_may(grants: frozenset[Grant], given: Grant) -> None:
    giver = Scope("clinic", None, grants)
    receiver = Scope("clinic", None, frozenset({given}))
    if not may_give(giver, given):
        return
    for permission in Permission:
        for place in [*PLACES, "new"]:
            received = receiver.held(permission)
            held = giver.held(permission)
            if received is not None and received.covers("clinic", place):
                assert held is not None
                assert held.covers("clinic", place)


@pytest.mark.parametrize("role", LADDER)
def test_a_facility_manager_gives_roles_up_to_their_own_at_their_facility(role: Role) -> None:
    giver = Scope("clinic", None, frozenset({Grant("north", Role.FACILITY_MANAGER)}))
    assert may_give(giver, Grant("north", role)) == (role is not Role.ADMINISTRATOR)
    assert not may_give(giver, Grant("south", role))
    assert not may_give(giver, Grant(None, role))
