"""Tables of expected terminals, and who may take terminals in: the service on both databases."""

import pytest

from contract.topics import DeviceAddress
from hub.core.errors import BadInput, Conflict, Forbidden, NotFound
from hub.core.permissions import Role
from hub.core.row_problems import BadRows
from hub.core.scope import Grant, Scope
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.fleet import registry
from hub.fleet.authority.certificates import Request, new_key
from hub.fleet.enrolment import claims, expected, keys
from hub.fleet.enrolment.expected_csv import ExpectedRow, read_expected
from tests.hub.clinic import WHOLE, Clinic

NORTH_ONLY = Scope("clinic", grants=frozenset({Grant("north", Role.FLEET)}), actor="north-fleet")
VIEWER = Scope("clinic", grants=frozenset({Grant(None, Role.VIEWER)}), actor="viewer")
ELSEWHERE = Scope("other")


def table(*lines: str) -> bytes:
    return "\n".join(("device,facility,name,touchpoint,serial", *lines)).encode()


def problems(workplace: Workplace, content: bytes, scope: Scope = WHOLE) -> list[tuple[int, str]]:
    with pytest.raises(BadRows) as bad, workplace.begin() as work:
        expected.expect(work, scope, read_expected(content))
    assert all(problem.detail for problem in bad.value.problems)
    return [(problem.line, problem.field) for problem in bad.value.problems]


def request() -> Request:
    return Request(new_key().public_key(), "")


def code_of(work: UnitOfWork, asked: Request | None = None) -> str:
    return claims.claim(work, asked or request(), claims.Told()).code


def test_every_line_that_is_wrong_is_named_and_nothing_is_stored(
    clinic: Clinic, workplace: Workplace
) -> None:
    content = table(
        "hall-1,north,Hall,,",
        "HALL 2,north,Hall,,",
        "hall-3,nowhere,Hall,,",
        "hall-4,north,,,",
        "hall-5,north,Hall,no-such-place,",
        "hall-1,north,Hall again,,",
        "desk-1,north,Is here,,",
        "hub,north,The hub,,",
        "hall-6,north,Hall,,not a serial!",
    )
    assert problems(workplace, content) == [
        (3, "device"),
        (4, "facility"),
        (5, "name"),
        (6, "touchpoint"),
        (7, "device"),
        (8, "device"),
        (9, "device"),
        (10, "serial"),
    ]
    with workplace.read() as work:
        assert expected.waiting(work, WHOLE) == []


def test_what_is_no_table_is_refused_as_a_whole(workplace: Workplace, clinic: Clinic) -> None:
    assert problems(workplace, b"device,facility\nhall-1,north\n") == [(1, "name")]
    assert problems(workplace, table()) == [(2, "row")]
    assert problems(workplace, b"\xff\xfe") == [(1, "row")]


def test_one_sees_and_expects_no_further_than_ones_facilities(
    clinic: Clinic, workplace: Workplace
) -> None:
    assert problems(workplace, table("hall-1,south,Hall,,"), NORTH_ONLY) == [(2, "facility")]
    rows = read_expected(table("hall-1,south,Hall,,"))
    assert rows.rows == [(2, ExpectedRow(device="hall-1", facility="south", name="Hall"))]
    with workplace.begin() as work:
        expected.expect(work, WHOLE, rows)
        assert expected.waiting(work, NORTH_ONLY) == []
        with pytest.raises(NotFound):
            expected.forget(work, NORTH_ONLY, "hall-1")
    assert problems(workplace, table("hall-1,north,Mine,,"), NORTH_ONLY) == [(2, "device")]


def test_a_listing_anew_makes_the_token_before_worthless(
    clinic: Clinic, workplace: Workplace
) -> None:
    rows = read_expected(table("hall-1,north,Hall,,"))
    with workplace.begin() as work:
        (first,) = expected.expect(work, WHOLE, rows)
        (second,) = expected.expect(work, WHOLE, rows)
    with workplace.begin() as work:
        with pytest.raises(BadInput):
            claims.claim(work, request(), claims.Told(), first.token)
        claimed = claims.claim(work, request(), claims.Told(), second.token)
        assert claimed.device == "hall-1"
        assert first.token not in repr(first)


def test_terminals_are_taken_in_and_shut_out_where_one_manages_devices(
    clinic: Clinic, workplace: Workplace
) -> None:
    south = DeviceAddress("clinic", "south", "hall-1")
    with workplace.begin() as work:
        code = code_of(work)
        for scope, refused in ((VIEWER, Forbidden), (NORTH_ONLY, BadInput), (ELSEWHERE, BadInput)):
            with pytest.raises(refused):
                claims.accept(work, scope, code, south, name="Hall", touchpoint=None)
        for scope, refused in ((VIEWER, Forbidden), (NORTH_ONLY, NotFound), (ELSEWHERE, NotFound)):
            with pytest.raises(refused):
                claims.replace(work, scope, code, "desk-2")
            with pytest.raises(refused):
                keys.revoke(work, scope, "desk-2")
        desk = DeviceAddress("clinic", "south", "desk-2")
        with pytest.raises(Conflict):
            claims.accept(work, WHOLE, code, desk, name="Hall", touchpoint=None)
        claims.accept(work, WHOLE, code, south, name="Hall", touchpoint=None)
        assert keys.key_of(work, NORTH_ONLY, "hall-1") is None
        assert keys.key_of(work, WHOLE, "hall-1") is not None


def test_one_that_was_expected_and_comes_by_its_code_is_expected_no_longer(
    clinic: Clinic, workplace: Workplace
) -> None:
    with workplace.begin() as work:
        expected.expect(work, WHOLE, read_expected(b"device,facility,name\nhall-1,south,Hall\n"))
        code = code_of(work)
        north = DeviceAddress("clinic", "north", "hall-1")
        with pytest.raises(Conflict):
            claims.accept(work, NORTH_ONLY, code, north, name="Hall", touchpoint=None)
        south = DeviceAddress("clinic", "south", "hall-1")
        claims.accept(work, WHOLE, code, south, name="Hall", touchpoint=None)
        assert expected.waiting(work, WHOLE) == []


def test_a_device_that_is_moved_takes_its_key_along(clinic: Clinic, workplace: Workplace) -> None:
    south = DeviceAddress("clinic", "south", "hall-1")
    with workplace.begin() as work:
        claims.accept(work, WHOLE, code_of(work), south, name="Hall", touchpoint=None)
        registry.enrol(work, DeviceAddress("clinic", "north", "hall-1"))
        assert keys.key_of(work, NORTH_ONLY, "hall-1") is not None
