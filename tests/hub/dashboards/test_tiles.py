"""What the tiles say of answers that came through the inbox, and who is shown which."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from contract.messages import Asked, SmilesCounted
from hub.cases.calling.attempts import Outcome, log_call
from hub.dashboards.questions import MOODS, RECOMMENDATIONS, SCORES, most_asked
from hub.dashboards.tile_routes import TILES
from hub.dashboards.tiles.indexes import scale_of
from hub.dashboards.tiles.today import until
from hub.dashboards.tiles.watch import is_unusual
from hub.feedback.figures.measures import Tally, added
from hub.feedback.figures.nps import nps_of_counts
from hub.feedback.questions import Question
from hub.identity.schemas import NewEmployee
from hub.identity.service import create_employee
from tests.hub.clinic import WHOLE, Clinic, SignedIn
from tests.hub.feedback.test_figures_service import Days
from tests.hub.terminal import PHONE

VISIT = "00000000-0000-0000-0000-00000000000{}"


@pytest.fixture
def days(clinic: Clinic) -> Days:
    return Days(clinic)


@pytest.fixture
def viewer(client: TestClient) -> SignedIn:
    return SignedIn(client, "viewer")


def tile(session: SignedIn, name: str, **asked: str) -> str:
    """What a tile says, without its mark-up."""
    answer = session.client.get(f"/tiles/{name}", params=asked)
    assert answer.status_code == 200, answer.text
    text = re.sub(r"<[^>]+>", " ", answer.text)
    return " ".join(unescape(text).split())


def test_a_quiet_clinic_says_so_and_what_to_do_next(clinic: Clinic, client: TestClient) -> None:
    clinic.come_online()
    session = SignedIn(client, "administrator")
    assert "Nothing" in tile(session, "burning")
    assert "Nobody" in tile(session, "calls")
    assert "Not asked" in tile(session, "nps")
    assert "Choose what a touchpoint asks" in tile(session, "loyalty")
    assert "Nothing to compare yet" in tile(session, "people")
    assert "No answers" in tile(session, "heat")
    assert "1 of 2 Terminal South never seen" in tile(session, "terminals")


def test_figures_say_their_interval_base_source_and_what_they_leave_out(
    days: Days, viewer: SignedIn
) -> None:
    days.press(*["very_good"] * 30, *["bad"] * 6, ago=3)
    days.press("good", "bad", ago=2)
    days.served(400, ago=3)
    said = tile(viewer, "loyalty")
    assert "+6.0 preliminary" not in said
    assert "+6.0" in said
    assert "36 answers, 400 clients served, typed in by hand" in said
    assert "2 more were given on days of which nobody knows how many were served." in said
    assert "Not enough answers to compare" in said
    assert "9.0 %" in tile(viewer, "response")


def test_without_clients_served_those_who_answered_stand_in_and_it_is_said(
    days: Days, viewer: SignedIn
) -> None:
    days.press(*["very_good"] * 9, "bad", ago=1)
    said = tile(viewer, "loyalty")
    assert "+80.0 preliminary" in said
    assert "Of those who answered: nobody has said how many clients were served." in said


@pytest.mark.parametrize(("count", "shown"), [(4, "Too few answers"), (7, "to"), (12, "+100.0")])
def test_a_few_answers_are_not_published(
    days: Days, viewer: SignedIn, count: int, shown: str
) -> None:
    terminal = days.terminals[next(iter(days.terminals))]
    days.clinic.inbox.store([terminal.answer(value=9) for _ in range(count)])
    said = tile(viewer, "nps")
    assert shown in said
    assert ("+100.0 preliminary" in said) == (count == 12)


def test_better_is_said_only_where_chance_is_no_explanation(days: Days, viewer: SignedIn) -> None:
    days.press(*["good"] * 20, *["bad"] * 20, ago=10)
    days.press(*["good"] * 38, *["bad"] * 2, ago=1)
    said = tile(viewer, "better", period="week")
    assert "Loyalty index Better" in said
    assert "Compared with the 7 days before." in said
    assert "Too early to say" in tile(viewer, "better", period="quarter")


def test_the_hour_burns_where_it_is_unhappier_than_chance_allows(
    days: Days, viewer: SignedIn
) -> None:
    days.press(*["good"] * 95, *["bad"] * 5, ago=2)
    days.press("good", "bad", "bad", "bad", "bad", "bad")
    assert "Last hour: 5 of 6 unhappy usually 5 %" in tile(viewer, "burning")


def test_who_needs_a_call_is_shown_without_the_number(days: Days, viewer: SignedIn) -> None:
    terminal = next(iter(days.terminals.values()))
    recommend = Asked(survey="express", question="recommend")

    def visit(number: int, value: str) -> list[object]:
        told = {"visit": VISIT.format(number)}
        return [
            terminal.answer(asked=recommend, value=value, employee="anna-north", **told),
            terminal.contact(phone=f"+3460000000{number}", **told),
        ]

    days.clinic.inbox.store([*visit(1, "no"), *visit(2, "yes"), *visit(3, "no")])  # type: ignore[list-item]
    said = tile(viewer, "calls")
    assert "2 patients" in said
    assert "+34 ••• ••• 01" in said
    page = viewer.client.get("/calls").text
    assert page.count("+34 ••• •••") == 2
    assert "left a comment" in page
    everything = page + viewer.client.get("/tiles").text + viewer.client.get("/").text
    assert not any(f"3460000000{number}" in everything for number in (1, 2, 3))
    assert PHONE not in everything
    assert "Nobody" in tile(viewer, "calls", employee="nobody")
    assert "They were unhappy" in tile(viewer, "calls", wallboard="1")


def test_whoever_was_reached_needs_no_call_any_more(days: Days, viewer: SignedIn) -> None:
    terminal = next(iter(days.terminals.values()))
    told = {"visit": VISIT.format(1)}
    asked = Asked(survey="express", question="recommend")
    answer = terminal.answer(asked=asked, value="no", employee="anna-north", **told)
    days.clinic.inbox.store([answer, terminal.contact(**told)])
    ((case, called),) = re.findall(
        r'href="/cases/(\d+)">([^<]+)<', viewer.client.get("/calls").text
    )
    assert called.startswith("+34 •••")
    for outcome, waits in ((Outcome.NO_ANSWER, 1), (Outcome.REACHED, 0)):
        with days.clinic.workplace.begin() as work:
            log_call(work, WHOLE, int(case), outcome)
        assert viewer.client.get("/calls").text.count("+34 •••") == waits
    assert "Nobody" in tile(viewer, "calls")


def test_today_is_held_against_the_same_day_of_earlier_weeks(days: Days, viewer: SignedIn) -> None:
    for week, count in ((1, 3), (2, 5)):
        days.press(*["good"] * count, ago=7 * week, hours=3)
    days.press("good", "bad", hours=1)
    said = tile(viewer, "today")
    assert "2 1 unhappy" in said
    assert "On a Sunday by this time usually 3 to 5 (last 4 weeks)." in said


def test_people_are_ranked_only_where_their_intervals_separate(
    days: Days, viewer: SignedIn
) -> None:
    recommend = {"asked": Asked(survey="express", question="recommend")}
    with days.clinic.workplace.begin() as work:
        create_employee(work, WHOLE, NewEmployee(id="ben", facility="north", name="Ben"))
    days.press(*["yes"] * 90, *["no"] * 5, ago=1, **recommend)
    days.press(*["no"] * 60, *["yes"] * 20, ago=1, employee="ben", **recommend)
    for who in ("anna-north", "ben"):
        days.served(400, ago=1, employee=who)
    ranks = re.findall(r"Rank (\d)", tile(viewer, "people"))
    assert ranks == ["1", "2"]
    assert "Show all 2 people" in tile(viewer, "people")


def test_every_figure_leads_to_what_it_is_made_of(days: Days, client: TestClient) -> None:
    session = SignedIn(client, "administrator")
    days.clinic.come_online()
    days.press(*["good"] * 12, ago=2)
    days.press(*["yes"] * 12, asked=Asked(survey="express", question="recommend"))
    terminal = next(iter(days.terminals.values()))
    days.clinic.inbox.store([terminal.answer(value=9) for _ in range(12)])
    page = session.client.get("/tiles", params={"period": "week", "facility": "north"}).text
    figures = re.findall(r'<p class="figure">.*?</p>', page, re.DOTALL)
    assert len(figures) >= 8
    assert all("<a " in figure for figure in figures)
    for address in {
        unescape(href).partition("#")[0] for href in re.findall(r'href="([^"]+)"', page)
    }:
        assert session.client.get(address or "/").status_code == 200, address


@pytest.mark.parametrize("role", ["viewer", "fleet"])
def test_fleet_operators_are_shown_terminals_alone(
    clinic: Clinic, client: TestClient, role: str
) -> None:
    clinic.press(1, 2)
    session = SignedIn(client, role)
    shown = re.findall(r'id="tile-(\w+)"', client.get("/tiles").text)
    expected = {name for name, t in TILES.items() if role == "viewer" or t.needs == "see_devices"}
    assert set(shown) == expected - {"near", "noticed", "smiles"}  # nobody is counted here
    assert client.get("/tiles/nps").status_code == (200 if role == "viewer" else 404)
    assert session.client.get("/tiles/odd").status_code == 404


def test_staff_of_one_facility_share_nothing_of_another(days: Days, client: TestClient) -> None:
    days.press("good", "good", at=next(reversed(days.terminals)))
    days.press("bad")
    whole = SignedIn(client, "viewer")
    assert "3 1 unhappy" in tile(whole, "today")
    assert "1 1 unhappy" in tile(whole, "today", facility="north")
    assert "1 1 unhappy" in tile(SignedIn(client, "north-viewer"), "today")
    assert tile(SignedIn(client, "north-viewer"), "today", facility="south").startswith(
        "Answers today 0"
    )


@given(st.dictionaries(st.sampled_from(sorted(MOODS | SCORES)), st.integers(0, 50)))
def test_a_question_is_known_by_its_answers(counts: dict[str, int]) -> None:
    tally = added([])
    for value, count in counts.items():
        tally.take(value, count, flagged=False)
    question = Question("visit", "q1")
    asked = {question: tally, Question("other", "q1"): Tally()}
    assert most_asked(asked, RECOMMENDATIONS) is None
    assert (most_asked(asked, SCORES) == question) == any(counts.get(s, 0) for s in SCORES)


@given(st.integers(0, 100), st.integers(0, 100))
def test_a_few_answers_never_burn(unhappy: int, usual: int) -> None:
    few, weeks = Tally(), Tally()
    few.take("bad", min(unhappy, 4), flagged=False)
    weeks.take("good", usual, flagged=False)
    assert not is_unusual(few, weeks)


@given(st.lists(st.integers(0, 60), min_size=24, max_size=24), st.integers(0, 22))
def test_the_count_until_an_hour_grows_with_it(hours: list[int], hour: int) -> None:
    whole, half, next_one = until(hours, hour, 0), until(hours, hour, 30), until(hours, hour + 1, 0)
    assert whole <= half <= next_one == sum(hours[: hour + 1])


def test_a_scale_holds_every_interval() -> None:
    narrow, wide = nps_of_counts({9: 900, 8: 9000, 2: 850}), nps_of_counts({9: 3})
    assert scale_of([narrow]) == 5
    assert scale_of([narrow, wide]) == 100
    assert scale_of([]) == 100


def test_people_near_the_terminals_have_tiles_where_they_are_counted(
    days: Days, viewer: SignedIn
) -> None:
    assert tile(viewer, "near") == tile(viewer, "noticed") == tile(viewer, "smiles") == ""
    assert "tile-near" not in viewer.client.get("/").text
    terminal = next(iter(days.terminals.values()))
    seen = {"approaches": 40, "looked": 30, "dwell_ms": 200_000, "seconds": 7 * 3600}
    days.clinic.inbox.store([terminal.presence(**seen), *terminal.presses(10)])
    days.served(900)
    page = viewer.client.get("/").text
    assert "tile-near" in page
    assert "tile-smiles" not in page
    near = tile(viewer, "near", period="week")  # what was made a moment ago is shared
    assert "40 40 in the last 15 minutes" in near
    assert "They stayed for 5 secs on average. The cameras saw" in near
    noticed = tile(viewer, "noticed", period="week")
    assert "75.0 % looked at the screen" in noticed
    assert "(95 % interval 59.8 to 85.8)" in noticed
    assert "North: the terminals are not noticed 40 came near, 900 were served" in noticed
    assert "25.0 % preliminary" in tile(viewer, "response")
    assert 'href="/figures/response-rate?question=' in viewer.client.get("/tiles/response").text
    days.clinic.inbox.store(
        [
            terminal.deliver(
                SmilesCounted, seconds=60, service="after", people=40, smiling=10, confidence=0.9
            )
        ]
    )
    smiles = tile(viewer, "smiles", period="week")
    assert "After service: 25.0 % smiled 95 % interval 14.2 to 40.2 · 40 people" in smiles
    assert "Before service" not in smiles
