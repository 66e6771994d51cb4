"""What is asked where, and in which words, as an administrator looks after it on pages."""

import re

import pytest
from starlette.testclient import TestClient

from tests.hub.clinic import Clinic, SignedIn

HTML = {"accept": "text/html"}
FIELD = "es.question.recommend"


@pytest.fixture
def session(client: TestClient) -> SignedIn:
    return SignedIn(client, "administrator")


def submit(session: SignedIn, path: str, **fields: str) -> tuple[int, str]:
    answer = session.client.post(path, data={"csrf": session.csrf, **fields}, headers=HTML)
    return answer.status_code, answer.text


def undo(session: SignedIn, page: str) -> tuple[int, str]:
    """Touch the page's own button."""
    form = re.search(r'<form class="alert alert-info undo".*?</form>', page, re.DOTALL)
    assert form is not None, "there is no way back"
    path = re.search(r'action="([^"]+)"', form[0])
    assert path is not None
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
    return submit(session, path[1], **{k: v for k, v in fields.items() if k != "csrf"})


def test_words_are_changed_seen_and_taken_back(session: SignedIn) -> None:
    path = "/surveys/north/express"
    changed = {"mode": "express", "version": "1", FIELD: "¿Lo recomendaría?"}
    status, page = submit(session, path, **changed)
    assert (status, "is changed" in page, "version 2" in page) == (200, True, True)
    assert 'value="¿Lo recomendaría?"' in session.client.get(path, headers=HTML).text
    assert undo(session, page)[0] == 200
    shown = session.client.get(path, headers=HTML).text
    assert "¿Lo recomendaría?" not in shown
    assert "Earlier versions (2)" in shown


def test_words_without_room_are_marked_and_nothing_is_stored(session: SignedIn) -> None:
    path = "/surveys/north/express"
    long = {"mode": "express", "version": "1", FIELD: "x" * 55, "ca.thanks.answered": "Merci!"}
    status, page = submit(session, path, **long)
    assert status == 422
    assert f'id="{FIELD}-problem"' in page
    assert 'value="Merci!"' in page, "what was entered is still there"
    assert "Merci!" not in session.client.get(path, headers=HTML).text


def test_whoever_is_later_is_told(session: SignedIn) -> None:
    fields = {"mode": "express", "version": "1"}
    assert submit(session, "/surveys/north/express", **fields, **{FIELD: "Uno"})[0] == 200
    assert submit(session, "/surveys/north/express", **fields, **{FIELD: "Dos"})[0] == 409


def test_a_survey_of_our_own_is_written_asked_and_the_choice_taken_back(session: SignedIn) -> None:
    assert submit(session, "/surveys/north/new", mode="nps", title="")[0] == 422
    status, page = submit(session, "/surveys/north/new", mode="nps", title="On the way out")
    assert (status, "On the way out" in page) == (200, True)
    found = re.search(r"/surveys/north/(on-the-way-out-\w+)", page)
    assert found is not None
    status, page = submit(
        session, "/surveys/north/places/reception-north", survey=found[1], version="1"
    )
    assert "Reception North asks something else" in page
    form = session.client.get("/touchpoints/reception-north", headers=HTML).text
    assert f'value="{found[1]}" selected' in form
    assert undo(session, page)[0] == 200
    form = session.client.get("/touchpoints/reception-north", headers=HTML).text
    assert 'value="" selected' in form


def test_only_administrators_write_surveys(client: TestClient) -> None:
    session = SignedIn(client, "viewer")
    for path in ("/surveys", "/surveys/north/express", "/surveys/north/new"):
        assert client.get(path, headers=HTML).status_code == 403
    assert submit(session, "/surveys/north/express", mode="express")[0] == 403


def test_a_facility_that_is_not_there_has_no_surveys(session: SignedIn, clinic: Clinic) -> None:
    page = session.client.get("/surveys/nowhere/nonsense", headers=HTML)
    assert page.status_code == 404
