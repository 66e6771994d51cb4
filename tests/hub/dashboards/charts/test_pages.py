"""The pages behind the figures: the same numbers everywhere, for those who may see them, and as tables."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from starlette.testclient import TestClient

from contract.messages import Asked
from hub.feedback import served
from hub.feedback.served_schemas import NewServed
from hub.identity import service as identity
from hub.identity.schemas import NewEmployee
from tests.hub.clinic import WHOLE, Clinic, SignedIn
from tests.hub.terminal import Terminal

SCORE = Asked(survey="visit", question="nps")
PATHS = (
    "/trends",
    "/heat",
    "/heat?show=nps",
    "/people",
    "/figures/nps",
    "/figures/participation",
    "/presence",
)


@pytest.fixture
def heard(clinic: Clinic) -> Clinic:
    """Boris is recommended by 14 and not by 4; 60 promoters and 15 detractors of 100; two days without a base."""
    terminal = Terminal(clinic.clock)
    today = datetime.fromtimestamp(clinic.clock.now_ms() / 1000, UTC).date()
    with clinic.workplace.begin() as work:
        boris = NewEmployee(id="boris", facility="north", name="=Boris")
        identity.create_employee(work, WHOLE, boris)
    recommended = ["yes"] * 14 + ["no"] * 4 + ["hard_to_say"] * 2
    scores = [9] * 60 + [7] * 25 + [3] * 15
    here = "reception-north"
    clinic.inbox.store([terminal.press(value=value, employee="boris") for value in recommended])
    clinic.inbox.store(
        [terminal.answer(asked=SCORE, value=value, touchpoint=here) for value in scores]
    )
    clinic.inbox.store([terminal.press(value="yes"), terminal.flag(terminal.sequence)])
    clinic.inbox.store([terminal.presence(approaches=250)])
    terminal.reboot(9)
    terminal.wall_off_ms = -2 * 24 * 3600 * 1000
    clinic.inbox.store([terminal.press(value="yes", employee="boris")])
    with clinic.workplace.begin() as work:
        told = [
            NewServed(facility="north", day=today, count=200, employee=who)
            for who in (None, "boris")
        ]
        served.enter(work, WHOLE, told, "maria")
        before = NewServed(facility="north", day=today - timedelta(days=5), count=50)
        served.enter(work, WHOLE, [before], "maria")
    return clinic


@pytest.fixture
def client(heard: Clinic) -> Iterator[TestClient]:
    with TestClient(heard.app(), base_url="http://hub.test") as opened:
        SignedIn(opened, "administrator")
        yield opened


def page(client: TestClient, path: str) -> str:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, path
    return answer.text


def table(client: TestClient, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment")
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_a_figure_opens_into_what_it_is_made_of(client: TestClient) -> None:
    nps = page(client, "/figures/nps")
    assert "100 × (60 promoters − 15 detractors) ÷ 100 answers = +45.0" in nps
    assert "+29.3 to +58.0" in nps
    assert "publishable" in nps
    attraction = page(client, "/figures/attraction?employee=boris")
    assert "100 × (14 yes − 4 no) ÷ 200 clients served = +5.0" in attraction
    assert "+0.7 to +9.1" in attraction
    assert "typed in by hand" in attraction
    whole = page(client, "/figures/attraction")
    assert "100 × (14 yes − 4 no) ÷ 250 clients served = +4.0" in whole
    assert 'href="/figures/attraction?' in whole
    response = page(client, "/figures/response-rate?question=visit/nps")
    assert "100 × 100 answers ÷ 250 people who came near = 40.0 %" in response
    assert "No terminal counted who came near" in page(
        client, "/figures/response-rate?employee=boris"
    )
    assert "By hour" in response
    parts = table(client, "/figures/response-rate.csv?question=visit/nps")
    assert {(row["part"], row["n"], row["base"]) for row in parts} >= {
        ("whole", "100", "250"), ("touchpoint", "100", "250")
    }  # fmt: skip
    assert sum(int(row["base"]) for row in parts if row["part"] == "hour") == 250
    secondary = page(client, "/figures/attraction-of-answers?employee=boris")
    assert "100 × (15 yes − 4 no) ÷ 21 answers = +52.4" in secondary


def test_tables_say_what_the_pages_say(client: TestClient) -> None:
    anna, boris = table(client, "/people.csv")
    assert (anna["n"], anna["index"], anna["standing"]) == ("0", "", "too_few")
    assert (boris["name"], boris["index"], boris["served"]) == ("'=Boris", "5.0", "200")
    assert (boris["rank"], boris["standing"]) == ("", "preliminary")
    assert (boris["index_of_answers"], boris["answers_without_base"]) == ("52.381", "1")
    *_, last = table(client, "/trends/nps.csv")
    assert (last["question"], last["value"], last["n"]) == ("visit/nps", "45.0", "100")
    assert last["low"].startswith("29.3")
    answers = table(client, "/trends/answers.csv?period=week")
    assert [row["n"] for row in answers] == ["0", "0", "0", "0", "1", "0", "120"]
    parts = table(client, "/figures/attraction.csv")
    assert [(row["part"], row["id"]) for row in parts] == [
        ("whole", ""), ("touchpoint", "reception-north"), ("employee", "anna-north"), ("employee", "boris"),
    ]  # fmt: skip
    assert sum(int(row["answers"]) for row in table(client, "/heat.csv")) == 121


def test_where_nobody_was_counted_those_who_answered_stand_in_under_their_own_name(
    client: TestClient,
) -> None:
    with_base = page(client, "/trends?facility=north")
    assert "Attraction index<" in with_base
    without = page(client, "/trends?touchpoint=reception-north")
    assert "Attraction index of those who answered<" in without
    figure = page(client, "/figures/attraction?touchpoint=reception-north")
    assert "nobody has said how many were served" in figure
    assert 'href="/figures/attraction-of-answers?touchpoint=reception-north"' in figure


def test_only_those_who_see_answers_see_charts(heard: Clinic) -> None:
    with TestClient(heard.app(), base_url="http://hub.test") as client:
        SignedIn(client, "fleet")
        for path in (*PATHS, "/people.csv"):
            assert client.get(path).status_code == 403, path
        SignedIn(client, "viewer")
        for path in PATHS:
            page(client, path)


def test_what_is_not_there_says_what_to_do(client: TestClient) -> None:
    for path in PATHS:
        bare = page(client, f"{path}{'&' if '?' in path else '?'}first=2001-01-01&last=2001-02-01")
        assert "Choose a longer period" in bare or "A touchpoint must ask" in bare
    assert "Nobody was asked this" in page(client, "/figures/loyalty")
    assert client.get("/figures/love").status_code == 404
    assert client.get("/trends/love.csv").status_code == 404
    assert client.get("/trends?step=decade").status_code == 422


def test_others_facilities_are_not_counted(heard: Clinic) -> None:
    with TestClient(heard.app(), base_url="http://hub.test") as client:
        SignedIn(client, "north-viewer")
        assert "No answers in this period" in page(client, "/trends?facility=south")
        assert table(client, "/people.csv?facility=south") == []


def test_who_came_near_opens_into_touchpoints_and_steps(client: TestClient) -> None:
    nearby = page(client, "/presence?question=visit/nps")
    assert "Cameras count who comes near" in nearby
    assert "Reception North" in nearby
    assert "The cameras" not in nearby
    (row,) = table(client, "/presence.csv?question=visit/nps")
    assert (row["touchpoint"], row["approaches"], row["answers"]) == (
        "reception-north",
        "250",
        "100",
    )
    assert (row["response_rate"], row["standing"]) == ("40.0", "publishable")
    steps = table(client, "/trends/approaches.csv?period=week")
    assert [(row["value"], row["note"]) for row in steps][-2:] == [
        ("", "not counted"),
        ("250.0", "not complete, so not judged"),
    ]
    assert table(client, "/smiles.csv") == []
    nobody = page(client, "/presence?touchpoint=elsewhere")
    assert "No terminal counted who came near" in nobody
    assert "nobody can tell" in page(client, "/presence?employee=boris")
