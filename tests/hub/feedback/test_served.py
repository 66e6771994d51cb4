"""Clients served: typed in, by REST and by CSV; nothing half-stored, and the best source's word believed."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from hub.core.errors import BadInput
from hub.core.row_problems import BadRows
from hub.core.scope import Scope
from hub.feedback import served
from hub.feedback.figures.origin import BaseSource, Period
from hub.feedback.figures.served import ServedBase, believed
from hub.feedback.served_csv import read_served
from hub.feedback.served_schemas import NewServed
from tests.hub.clinic import WHOLE, Clinic, SignedIn

MONDAY, TUESDAY = date(2025, 6, 9), date(2025, 6, 10)
WEEK = Period(MONDAY, date(2025, 6, 15))
NORTHERN = Scope("clinic", frozenset({"north"}))


def enter(clinic: Clinic, *given: NewServed, scope: Scope = WHOLE) -> int:
    with clinic.workplace.begin() as work:
        return served.enter(work, scope, given, "maria")


def anna(count: int, day: date = MONDAY, source: BaseSource = BaseSource.TYPED_IN) -> NewServed:
    return NewServed(facility="north", employee="anna-north", day=day, count=count, source=source)


def believed_of(clinic: Clinic, subject: served.Subject, scope: Scope = WHOLE) -> dict[str, int]:
    with clinic.workplace.read() as work:
        found = served.bases(work, scope, WEEK, subject)
    return {"/".join(whose): base.count for whose, base in found.items()}


@pytest.fixture
def administrator(client: TestClient) -> SignedIn:
    return SignedIn(client, "administrator")


def upload(signed_in: SignedIn, text: str) -> tuple[int, dict[str, object]]:
    headers = {**signed_in.headers, "Content-Type": "text/csv"}
    answer = signed_in.client.post("/api/served/csv", content=text.encode(), headers=headers)
    return answer.status_code, answer.json()


def test_the_best_source_of_each_day_is_believed(clinic: Clinic) -> None:
    enter(
        clinic,
        anna(40),
        anna(38, source=BaseSource.TICKET_QUEUE),
        anna(37, source=BaseSource.HOSPITAL_SYSTEM),
        anna(20, TUESDAY),
    )
    with clinic.workplace.read() as work:
        (base,) = served.bases(work, WHOLE, WEEK, "employee").values()
    assert base.days == {
        MONDAY: (37, BaseSource.HOSPITAL_SYSTEM),
        TUESDAY: (20, BaseSource.TYPED_IN),
    }
    assert (base.count, base.source) == (57, BaseSource.TYPED_IN)


def test_facility_employee_and_touchpoint_are_counted_apart(clinic: Clinic) -> None:
    enter(
        clinic,
        NewServed(facility="north", day=MONDAY, count=100),
        NewServed(facility="south", day=MONDAY, count=9),
        NewServed(facility="north", touchpoint="reception-north", day=MONDAY, count=60),
        anna(30),
    )
    assert believed_of(clinic, "facility") == {"north/": 100, "south/": 9}
    assert believed_of(clinic, "touchpoint") == {"north/reception-north": 60}
    assert believed_of(clinic, "employee") == {"north/anna-north": 30}
    assert believed_of(clinic, "facility", NORTHERN) == {"north/": 100}


def test_a_second_word_of_the_same_source_replaces_the_first(clinic: Clinic) -> None:
    enter(clinic, anna(30))
    clinic.clock.move(hours=1)
    enter(clinic, anna(31), anna(5, source=BaseSource.STAFF_BUTTON))
    with clinic.workplace.read() as work:
        found = served.entries(work, WHOLE)
    assert [(e.count, e.source, e.entered_by) for e in found] == [
        (31, BaseSource.TYPED_IN, "maria"),
        (5, BaseSource.STAFF_BUTTON, "maria"),
    ]
    assert found[0].at_ms == clinic.clock.now_ms()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"facility": "east"}, "facility"),
        ({"employee": "nobody"}, "employee"),
        ({"employee": "anna-south"}, "employee"),
        ({"touchpoint": "reception-south"}, "touchpoint"),
        ({"employee": "anna-north", "touchpoint": "reception-north"}, "touchpoint"),
        ({"day": date(2025, 6, 16)}, "day"),
        ({"day": MONDAY, "count": 3}, "day"),
    ],
)
def test_what_cannot_be_right_is_named_and_nothing_is_stored(
    clinic: Clinic, wrong: dict[str, object], field: str
) -> None:
    """The clock stands on 15 June; the last case tells one day twice."""
    right = NewServed(facility="north", day=MONDAY, count=1)
    with pytest.raises(BadInput) as caught:
        enter(
            clinic, right, NewServed.model_validate({**right.model_dump(), "day": TUESDAY, **wrong})
        )
    assert caught.value.field == field
    assert believed_of(clinic, "facility") == {}


def test_nobody_enters_for_a_facility_that_is_not_theirs(clinic: Clinic) -> None:
    with pytest.raises(BadInput) as caught:
        enter(clinic, NewServed(facility="south", day=MONDAY, count=1), scope=NORTHERN)
    assert caught.value.field == "facility"


def test_a_day_begins_when_it_begins_in_the_facility(clinic: Clinic) -> None:
    """At 22:30 UTC it is the next day already in Madrid."""
    clinic.clock.move(hours=10.5)
    tomorrow = date(2025, 6, 16)
    assert enter(clinic, NewServed(facility="north", day=tomorrow, count=1)) == 1


def test_by_rest(administrator: SignedIn) -> None:
    rows = [
        {"facility": "north", "day": "2025-06-09", "count": 12, "source": "ticket_queue"},
        {"facility": "north", "employee": "anna-north", "day": "2025-06-10", "count": 3},
    ]
    client, headers = administrator.client, administrator.headers
    stored = client.post("/api/served", json=rows, headers=headers)
    assert (stored.status_code, stored.json()) == (201, {"stored": 2})
    first, second = client.get("/api/served").json()
    assert (first["source"], first["employee"], first["entered_by"]) == (
        "ticket_queue",
        None,
        "administrator",
    )
    after = client.get("/api/served", params={"after": first["id"], "last": "2025-06-10"})
    assert after.json() == [second]
    assert client.get("/api/served", params={"last": "2025-06-08"}).json() == []
    wrong = client.post("/api/served", json=[{**rows[0], "count": -1}], headers=headers)
    assert (wrong.status_code, wrong.json()["field"]) == (422, "0.count")


def test_whoever_may_only_look_enters_nothing(client: TestClient) -> None:
    viewer = SignedIn(client, "viewer")
    assert client.get("/api/served").status_code == 200
    assert client.post("/api/served", json=[], headers=viewer.headers).status_code == 403
    assert upload(viewer, "facility;day;count")[0] == 403


@pytest.mark.parametrize(
    "text",
    [
        "facility,employee,day,count\r\nnorth,anna-north,2025-06-09,30\r\nnorth,,2025-06-10,7\r\n",
        "\ufeffDay;Count;Facility;Employee\n2025-06-09;30;north;anna-north\n\n2025-06-10; 7 ;north;\n",
        'count,"facility",day,employee,touchpoint\n30,north,2025-06-09,anna-north\n7,"north",2025-06-10',
    ],
)
def test_a_table_as_spreadsheets_save_it(
    clinic: Clinic, administrator: SignedIn, text: str
) -> None:
    assert upload(administrator, text) == (201, {"stored": 2})
    assert believed_of(clinic, "employee") == {"north/anna-north": 30}
    assert believed_of(clinic, "facility") == {"north/": 7}


def test_a_table_names_every_line_and_field_that_is_wrong(
    clinic: Clinic, administrator: SignedIn
) -> None:
    text = (
        "facility;employee;day;count\n"
        "north;;2025-06-09;12\n"
        "north;;9 June;many\n"
        "north;;2025-06-10;-4\n"
    )
    status, problem = upload(administrator, text)
    assert (status, problem["field"]) == (422, "line 3.day")
    assert [e["field"] for e in problem["errors"]] == ["line 3.day", "line 3.count", "line 4.count"]
    status, problem = upload(
        administrator, "facility,day,count\nnorth,2025-06-09,1\neast,2025-06-09,1"
    )
    assert [e["field"] for e in problem["errors"]] == ["line 3.facility"]
    assert believed_of(clinic, "facility") == {}


@pytest.mark.parametrize(
    ("content", "line", "field"),
    [
        (b"", 1, "facility"),
        (b"facility,day", 1, "count"),
        (b"facility,day,count,colour\nnorth,2025-06-09,1,red", 1, "colour"),
        (b"facility,day,count,day\n", 1, "row"),
        (b"facility,day,count\n", 2, "row"),
        (b"facility,day,count\nnorth,2025-06-09,1,2", 2, "row"),
        (b"facility,day,count\nnorth,2025-06-09,\xff", 2, "row"),
        (b"facility,day,count,source\nnorth,2025-06-09,1,rumour", 2, "source"),
        (b"facility,day,count\nnorth,2025-06-09,1.5", 2, "count"),
        (b"facility,day,count\nnorth,0025-06-09,1", 2, "day"),
        (b"facility,day,count\nnorth,2025-06-09", 2, "count"),
    ],
)
def test_a_table_that_cannot_be_read_says_where(content: bytes, line: int, field: str) -> None:
    with pytest.raises(BadRows) as caught:
        read_served(content)
    assert caught.value.problems[0][:2] == (line, field)


@given(
    st.binary(max_size=200)
    | st.text(alphabet='facilitydaycountnorth2025-06,;"\n\r\x00', max_size=200).map(str.encode)
)
def test_no_table_is_too_strange_to_be_refused(content: bytes) -> None:
    with suppress(BadRows):
        assert read_served(b"facility,day,count\n" + content)


SOURCES = st.sampled_from(list(BaseSource))


@given(st.lists(st.tuples(st.sampled_from([MONDAY, TUESDAY]), SOURCES, st.integers(0, 99))))
def test_what_is_believed_never_depends_on_worse_sources(
    words: list[tuple[date, BaseSource, int]],
) -> None:
    told = {(day, source): (day, source, count) for day, source, count in words}
    base = believed(told.values())
    trust = list(BaseSource)
    for day, (count, source) in base.days.items():
        assert told[day, source][2] == count
        assert all(trust.index(source) <= trust.index(other) for d, other in told if d == day)
    assert set(base.days) == {day for day, _ in told}
    assert believed([]) == ServedBase({})
    assert ServedBase({}).source is None
