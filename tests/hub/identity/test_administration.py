"""Looking after accounts: nobody looks after who may do more; whoever is out of use is out at once, and comes back."""

import pytest

from hub.core.errors import BadInput, Conflict, Forbidden, NotFound
from hub.core.permissions import Role
from hub.core.scope import Grant, Scope
from hub.identity import accounts, reading, sessions, signing_in, tokens
from hub.identity.links import Addresses
from hub.identity.signing_in import Caller
from hub.identity.views import AccountView
from tests.hub.clinic import PASSWORD, WHOLE, Clinic

PAGES = Addresses("https://hub.example")


def known(clinic: Clinic, name: str) -> AccountView:
    with clinic.workplace.read() as work:
        row = reading.by_name(work, name)
        assert row is not None
        return reading.account_view(work, row)


def hired(clinic: Clinic, name: str, role: Role, facility: str | None) -> AccountView:
    with clinic.workplace.begin() as work:
        hashed = clinic.passwords.hash(PASSWORD)
        return accounts.create_account(
            work, WHOLE, name=name, password_hash=hashed, role=role, facility=facility
        )


def signed_in(clinic: Clinic, name: str) -> str:
    known = {"name": name, "password": PASSWORD}
    return signing_in.sign_in(clinic.workplace, clinic.passwords, Caller("::1"), **known).token


def names(clinic: Clinic, scope: Scope) -> set[str]:
    with clinic.workplace.read() as work:
        return {one.name for one in accounts.accounts(work, scope)}


def test_a_facility_manager_sees_and_changes_their_own_people_alone(clinic: Clinic) -> None:
    manager = hired(clinic, "boss", Role.FACILITY_MANAGER, "north").scope()
    hired(clinic, "south-agent", Role.AGENT, "south")
    assert names(clinic, manager) == {"boss", "north-viewer"}
    viewer, chief = known(clinic, "north-viewer"), known(clinic, "administrator")
    with clinic.workplace.begin() as work:
        accounts.give_role(work, manager, viewer.id, Grant("north", Role.AGENT))
        with pytest.raises(NotFound):
            accounts.give_role(work, manager, chief.id, Grant("north", Role.VIEWER))
        with pytest.raises(NotFound):
            accounts.set_password(work, manager, "administrator", "x")
        for grant in (Grant("north", Role.ADMINISTRATOR), Grant("south", Role.VIEWER)):
            with pytest.raises(BadInput):
                accounts.give_role(work, manager, viewer.id, grant)
        with pytest.raises(BadInput):
            accounts.give_role(work, manager, viewer.id, Grant(None, Role.VIEWER))
    assert known(clinic, "north-viewer").grants == {
        Grant("north", Role.VIEWER),
        Grant("north", Role.AGENT),
    }


@pytest.mark.parametrize("role", ["viewer", "agent", "quality_manager", "fleet"])
def test_others_look_after_no_accounts(clinic: Clinic, role: str) -> None:
    with clinic.workplace.read() as work, pytest.raises(Forbidden):
        accounts.accounts(work, known(clinic, role).scope())


def test_whoever_is_out_of_use_is_out_at_once_and_comes_back(clinic: Clinic) -> None:
    viewer = known(clinic, "viewer")
    session, token = signed_in(clinic, "viewer"), clinic.token("viewer")
    with clinic.workplace.begin() as work:
        accounts.set_active(work, WHOLE, viewer.id, False)
    with clinic.workplace.read() as work:
        assert sessions.visitor_of(work, session) is None
    assert tokens.visitor_of(clinic.workplace, token) is None
    with pytest.raises(signing_in.NotSignedIn):
        signed_in(clinic, "viewer")
    with clinic.workplace.begin() as work:
        accounts.set_active(work, WHOLE, viewer.id, True)
    assert tokens.visitor_of(clinic.workplace, token) is not None
    assert signed_in(clinic, "viewer")


def test_nobody_takes_themselves_out_of_use_nor_their_last_role(clinic: Clinic) -> None:
    chief = known(clinic, "administrator")
    with clinic.workplace.begin() as work:
        with pytest.raises(BadInput):
            accounts.set_active(work, chief.scope(), chief.id, False)
        with pytest.raises(BadInput):
            accounts.take_role(work, chief.scope(), chief.id, Grant(None, Role.ADMINISTRATOR))


def test_a_role_is_given_once_and_taken_away(clinic: Clinic) -> None:
    viewer = known(clinic, "viewer")
    with clinic.workplace.begin() as work:
        for _twice in range(2):
            accounts.give_role(work, WHOLE, viewer.id, Grant("south", Role.AGENT))
        accounts.take_role(work, WHOLE, viewer.id, Grant(None, Role.VIEWER))
    assert known(clinic, "viewer").grants == {Grant("south", Role.AGENT)}


def test_an_address_is_found_by_and_unique_but_lies_there_sealed(clinic: Clinic) -> None:
    with clinic.workplace.begin() as work:
        accounts.create_account(
            work, WHOLE, name="ana", password_hash=clinic.passwords.hash(PASSWORD),
            role=Role.AGENT, facility="north", email="Ana@clinic.example",
        )  # fmt: skip
    assert signed_in(clinic, "ana@CLINIC.example")
    with pytest.raises(Conflict), clinic.workplace.begin() as work:
        accounts.create_account(
            work, WHOLE, name="other", password_hash="", role=Role.AGENT, email="ana@clinic.example"
        )
    with clinic.workplace.read() as work:
        stored = repr(work.connection.exec_driver_sql("SELECT * FROM account").all())
    assert "ana@" not in stored.lower()


def test_a_token_allows_no_more_than_was_chosen(clinic: Clinic) -> None:
    chief = known(clinic, "administrator")
    with clinic.workplace.begin() as work:
        few = tokens.create(work, chief.scope(), "administrator", "few", ["see_devices"])  # type: ignore[list-item]
        with pytest.raises(NotFound):
            tokens.create(work, chief.scope(), "viewer", "another's")
        with pytest.raises(BadInput):
            tokens.create(work, chief.scope(), "administrator", "none", [])
    visitor = tokens.visitor_of(clinic.workplace, few)
    assert visitor is not None
    assert visitor.may("see_devices")  # type: ignore[arg-type]
    assert not visitor.may("see_answers")  # type: ignore[arg-type]
    with clinic.workplace.begin() as work:
        (shown,) = tokens.of_visitor(work, visitor)
        assert shown.used_ms == work.now_ms
        tokens.revoke(work, visitor, shown.handle)
    assert tokens.visitor_of(clinic.workplace, few) is None
