"""Places, people and shifts on both databases."""

import pytest

from hub.core.errors import BadInput, Conflict
from hub.core.scope import Scope
from hub.core.unit_of_work import Workplace
from hub.identity import service
from hub.identity.schemas import NewEmployee, NewFacility, NewShift, NewTouchpoint

WHOLE = Scope("clinic")
NORTH = Scope("clinic", frozenset({"north"}))
OTHER = Scope("other")
NINE, NOON, FIVE = 9 * 3_600_000, 12 * 3_600_000, 17 * 3_600_000


@pytest.fixture(autouse=True)
def _places(workplace: Workplace) -> None:
    with workplace.begin() as work:
        for scope in (WHOLE, OTHER):
            service.ensure_organisation(work, scope, scope.organisation, "Europe/Madrid")
        for facility in ("north", "south"):
            service.create_facility(work, WHOLE, NewFacility(id=facility, name=facility))
            service.create_touchpoint(
                work, WHOLE, NewTouchpoint(id=f"desk-{facility}", facility=facility, name="Desk")
            )
            for person in ("anna", "boris"):
                service.create_employee(
                    work,
                    WHOLE,
                    NewEmployee(id=f"{person}-{facility}", facility=facility, name=person),
                )


def shift(starts_ms: int, ends_ms: int, employee: str = "anna-north") -> NewShift:
    return NewShift(
        touchpoint="desk-north", employee=employee, starts_ms=starts_ms, ends_ms=ends_ms
    )


def test_a_shift_begins_at_its_start_and_is_over_at_its_end(workplace: Workplace) -> None:
    with workplace.begin() as work:
        early = service.create_shift(work, WHOLE, shift(NINE, NOON))
        late = service.create_shift(work, WHOLE, shift(NOON, FIVE, "boris-north"))
    with workplace.read() as work:
        at = {
            moment: service.shift_at(work, WHOLE, "desk-north", moment)
            for moment in (NINE - 1, NINE, NOON - 1, NOON, FIVE - 1, FIVE)
        }
        elsewhere = service.shift_at(work, WHOLE, "desk-south", NOON)
        spanning = service.shifts_between(work, WHOLE, ["desk-north", "desk-south"], 0, FIVE)
    assert at == {
        NINE - 1: None, NINE: early, NOON - 1: early, NOON: late, FIVE - 1: late, FIVE: None,
    }  # fmt: skip
    assert elsewhere is None
    assert spanning == [early, late]


@pytest.mark.parametrize(
    ("starts_ms", "ends_ms"), [(NINE, NOON), (NINE - 1, NINE + 1), (NOON - 1, FIVE), (0, FIVE)]
)
def test_two_people_cannot_be_the_one_at_a_touchpoint(
    workplace: Workplace, starts_ms: int, ends_ms: int
) -> None:
    with workplace.begin() as work:
        service.create_shift(work, WHOLE, shift(NINE, NOON))
    with pytest.raises(Conflict), workplace.begin() as work:
        service.create_shift(work, WHOLE, shift(starts_ms, ends_ms, "boris-north"))
    with workplace.read() as work:
        assert len(service.shifts(work, WHOLE)) == 1


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("ends_ms", shift(NOON, NOON)),
        ("ends_ms", shift(0, service.LONGEST_SHIFT_MS + 1)),
        ("employee", shift(NINE, NOON, "nobody")),
        ("touchpoint", shift(NINE, NOON).model_copy(update={"touchpoint": "nowhere"})),
    ],
)
def test_a_shift_that_cannot_be_names_the_field(
    workplace: Workplace, field: str, given: NewShift
) -> None:
    with pytest.raises(BadInput) as refused, workplace.begin() as work:
        service.create_shift(work, WHOLE, given)
    assert refused.value.field == field


def test_one_facility_sees_and_changes_nothing_of_another(workplace: Workplace) -> None:
    with workplace.begin() as work:
        service.create_shift(work, WHOLE, shift(NINE, NOON))
    south = Scope("clinic", frozenset({"south"}))
    with workplace.read() as work:
        assert [place.id for place in service.facilities(work, NORTH)] == ["north"]
        assert [place.id for place in service.touchpoints(work, NORTH)] == ["desk-north"]
        assert {person.facility for person in service.employees(work, NORTH)} == {"north"}
        assert service.shifts(work, south) == []
        assert service.shift_at(work, south, "desk-north", NINE) is None
        assert service.facilities(work, OTHER) == []
    with pytest.raises(BadInput), workplace.begin() as work:
        service.create_shift(work, south, shift(NOON, FIVE))
    with pytest.raises(BadInput), workplace.begin() as work:
        service.create_touchpoint(
            work, south, NewTouchpoint(id="desk-9", facility="north", name="Desk")
        )
    with pytest.raises(BadInput), workplace.begin() as work:
        service.create_facility(work, NORTH, NewFacility(id="east", name="East"))


def test_two_organisations_may_use_the_same_ids(workplace: Workplace) -> None:
    with workplace.begin() as work:
        service.create_facility(work, OTHER, NewFacility(id="north", name="Theirs"))
    with pytest.raises(Conflict), workplace.begin() as work:
        service.create_facility(work, OTHER, NewFacility(id="north", name="Again"))
    with workplace.read() as work:
        assert [place.name for place in service.facilities(work, OTHER)] == ["Theirs"]
        assert "Theirs" not in [place.name for place in service.facilities(work, WHOLE)]


def test_lists_come_in_pages(workplace: Workplace) -> None:
    with workplace.read() as work:
        first = service.employees(work, WHOLE, limit=3)
        rest = service.employees(work, WHOLE, limit=3, after=first[-1].id)
    assert [p.id for p in first + rest] == [
        "anna-north",
        "anna-south",
        "boris-north",
        "boris-south",
    ]


def test_all_are_listed_however_many_there_are(workplace: Workplace) -> None:
    with workplace.begin() as work:
        for number in range(600):
            service.create_employee(
                work, WHOLE, NewEmployee(id=f"e-{number}", facility="north", name="Anna")
            )
    with workplace.read() as work:
        assert (
            len({one.id for one in service.employees(work, WHOLE)} & {f"e-{n}" for n in range(600)})
            == 600
        )


def test_a_time_zone_must_exist(workplace: Workplace) -> None:
    given = NewFacility(id="moon", name="Moon", time_zone="Moon/Crater")
    with pytest.raises(BadInput) as refused, workplace.begin() as work:
        service.create_facility(work, WHOLE, given)
    assert refused.value.field == "time_zone"
