"""Whose photographs are shown, today and here."""

from contract.documents import DesiredConfiguration, Employee, RotaShift
from contract.messages import Stamp
from edge.screen.roster import initials, on_duty, speciality

DAY = (1000, 2000)


def stamp(wall_ms: int, *, synchronised: bool = True) -> Stamp:
    boot = "00000000-0000-4000-8000-000000000001"
    return Stamp(wall_ms=wall_ms, boot_id=boot, uptime_ms=5, synchronised=synchronised)


def shift(employee: str, starts: int, ends: int, touchpoint: str = "room") -> RotaShift:
    return RotaShift(
        shift=f"{employee}-{starts}",
        touchpoint=touchpoint,
        employee=employee,
        starts_ms=starts,
        ends_ms=ends,
    )


def shown(rota: list[RotaShift], moment: Stamp, people: tuple[str, ...] = ("a", "b", "c")) -> list:
    employees = [Employee(employee=code, name=code.upper()) for code in people]
    document = DesiredConfiguration(version=1, rota=rota, employees=employees)
    found = on_duty(document, {"room"}, moment, DAY)
    return [(one.employee.employee, one.shift) for one in found]


def test_whoever_sits_here_now_comes_first_and_yesterday_is_over():
    rota = [
        shift("a", 1100, 1400),
        shift("b", 1500, 1900),
        shift("c", 100, 900),
        shift("d", 1500, 1900, "elsewhere"),
    ]
    assert shown(rota, stamp(1600)) == [("b", "b-1500"), ("a", "a-1100")]


def test_two_shifts_of_one_person_are_one_photograph_with_the_nearest_shift():
    rota = [shift("a", 1100, 1200), shift("a", 1700, 1800)]
    assert shown(rota, stamp(1790)) == [("a", "a-1700")]
    assert shown(rota, stamp(1300)) == [("a", "a-1100")]


def test_with_a_clock_that_cannot_be_trusted_everybody_is_shown_and_no_shift_is_claimed():
    rota = [shift("a", 1100, 1200), shift("b", 90_000, 91_000)]
    assert sorted(shown(rota, stamp(5, synchronised=False))) == [("a", None), ("b", None)]


def test_somebody_whose_name_is_not_known_is_not_shown():
    assert shown([shift("x", 1000, 2000)], stamp(1500)) == []


def test_initials_leave_titles_out():
    assert [initials(name) for name in ("Dr. Irina Orlova", "Emma", "Dra Ana M. Ruiz", "")] == [
        "IO",
        "E",
        "AR",
        "?",
    ]


def test_the_speciality_is_said_in_the_patients_language():
    doctor = Employee(
        employee="a", name="A", speciality="Cardiology", specialities={"es": "Cardiología"}
    )
    assert (speciality(doctor, "es"), speciality(doctor, "ru")) == ("Cardiología", "Cardiology")
