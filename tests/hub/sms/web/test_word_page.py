"""A clinic's own words by their page: what was replaced can be had again."""

import json
import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from tests.hub.clinic import SignedIn

PATH = "/sms/words/thank_promoter?facility=north&language=es"
OWN = "¡Gracias! Dígalo a 'todos' \"los\" demás."


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def save(who: SignedIn, text: str) -> str:
    answer = who.client.post(PATH, data={"csrf": who.csrf, "text": text})
    assert answer.status_code == 200
    return answer.text


def test_what_was_replaced_is_offered_again(client: TestClient) -> None:
    who = SignedIn(client, "administrator")
    assert "Undo" not in save(who, OWN)
    page = save(who, "")  # the standard words again
    found = re.search(r"hx-vals='([^']+)' hx-include=\"closest form\"[^>]*>.*Undo", page, re.DOTALL)
    assert found is not None
    before = json.loads(unescape(found[1]))["text"]
    assert before == OWN
    assert OWN in unescape(save(who, before))
    page = unescape(client.get("/sms/words?facility=north&language=es").text)
    assert "Version 3" in page
    assert page.count("Bring back") == 2, "to the first words, and to the standard ones"
