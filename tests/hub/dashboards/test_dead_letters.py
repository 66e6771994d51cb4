"""Payloads that could not be stored: shown safely, replayed once."""

from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from hub.dashboards.dead_letter_routes import SHOWN_BYTES, readable
from tests.hub.clinic import NORTH, Clinic, SignedIn

HTML = {"accept": "text/html"}
SCRIPT = b'{"a": "<script>alert(1)</script>"'


@given(st.binary(max_size=200))
def test_only_text_is_shown_as_text(payload: bytes) -> None:
    text = readable(payload)
    if text is not None:
        assert text.encode() == payload
        assert "\x00" not in text


@given(st.integers(0, 5), st.sampled_from(["é", "я", "漢", "😀", "a"]))
def test_a_long_text_is_cut_between_characters(shift: int, sign: str) -> None:
    text = "a" * shift + sign * SHOWN_BYTES
    shown = readable(text.encode())
    assert shown is not None
    assert text.startswith(shown)
    assert len(shown.encode()) > SHOWN_BYTES - 4


def test_what_was_sent_is_shown_and_does_nothing(clinic: Clinic, client: TestClient) -> None:
    clinic.garble(SCRIPT)
    clinic.garble(b"\x00\xffWHB1")
    SignedIn(client, "administrator")
    page = client.get("/dead-letters", headers=HTML).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "00 ff 57 48 42 31" in page
    listed = client.get("/api/dead-letters").json()
    assert [letter["size"] for letter in listed] == [6, len(SCRIPT)]
    whole = client.get(f"/api/dead-letters/{listed[1]['id']}").json()
    assert b64decode(whole["payload_base64"]) == SCRIPT


def test_an_unknown_devices_message_is_stored_once_it_is_known(
    clinic: Clinic, client: TestClient
) -> None:
    stranger = type(NORTH)("clinic", "north", "desk-9")
    clinic.press(1, at=stranger)
    session = SignedIn(client, "administrator")
    letter = client.get("/api/dead-letters").json()[0]["id"]
    path = f"/dead-letters/{letter}/replay"
    form = {"csrf": session.csrf}

    refused = client.post(path, data=form, headers=HTML)
    assert refused.status_code == 409
    assert "It was not stored." in refused.text

    clinic.enrol(stranger)
    replayed = client.post(path, data=form, headers=HTML)
    assert replayed.status_code == 200
    assert "It is stored now." in replayed.text
    assert [a["device"] for a in client.get("/api/answers").json()] == ["desk-9"]
    again = client.post(f"/api{path}", headers=session.headers)
    assert again.status_code == 409
    assert len(client.get("/api/answers").json()) == 1


def test_a_replay_needs_the_token_of_the_page(clinic: Clinic, client: TestClient) -> None:
    clinic.garble(SCRIPT)
    SignedIn(client, "administrator")
    assert (
        client.post("/dead-letters/1/replay", data={"csrf": "x"}, headers=HTML).status_code == 403
    )


@pytest.mark.parametrize("role", ["viewer", "fleet", "north-viewer"])
def test_only_administrators_see_them(clinic: Clinic, client: TestClient, role: str) -> None:
    clinic.garble(SCRIPT)
    session = SignedIn(client, role)
    assert client.get("/dead-letters", headers=HTML).status_code == 403
    assert client.get("/api/dead-letters/1").status_code == 403
    assert client.post("/api/dead-letters/1/replay", headers=session.headers).status_code == 403


def test_the_list_goes_on(clinic: Clinic, client: TestClient) -> None:
    for number in range(25):
        clinic.garble(b"broken %d" % number)
    SignedIn(client, "administrator")
    first = client.get("/api/dead-letters").json()
    rest = client.get("/api/dead-letters", params={"before": first[-1]["id"]}).json()
    assert (len(first), len(rest)) == (20, 5)
    page = client.get("/dead-letters", headers=HTML).text
    assert f"/dead-letters?before={first[-1]['id']}" in page


def test_an_empty_list_says_so(client: TestClient) -> None:
    SignedIn(client, "administrator")
    assert "There are none." in client.get("/dead-letters", headers=HTML).text
