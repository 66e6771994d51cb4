"""The clinic's own words, and what they would cost."""

import pytest

from hub.core.errors import BadInput
from hub.core.scope import Scope
from hub.sms.campaigns import wording
from hub.sms.campaigns.wording import Place, preview
from hub.sms.engine.templates import Template
from tests.hub.sms.texting import ANNA, WHOLE, Texting

INVITE = ("es", Template.INVITE)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """How rows are read and locked is tried on both databases where patients are invited."""
    return sqlite_url


def test_a_campaigns_words_come_before_the_facilitys_and_those_before_the_standard(
    texting: Texting,
) -> None:
    texting.campaign()
    with texting.workplace.begin() as work:
        for place, text in ((Place("north"), "Norte"), (Place("north", "after-visit"), "Visita")):
            wording.rewrite(work, WHOLE, place, {INVITE: text}, "t")
    with texting.workplace.begin() as work:
        found = [
            wording.words_of(work, WHOLE, Place(*place), *INVITE)
            for place in (("north", "after-visit"), ("north", "other"), ("south", "after-visit"))
        ]
        assert found[:2] == ["Visita", "Norte"]
        assert found[2].startswith("Recientemente")
        wording.rewrite(work, WHOLE, Place("north", "after-visit"), {INVITE: ""}, "t")
        assert wording.words_of(work, WHOLE, Place("north", "after-visit"), *INVITE) == "Norte"
    texting.enrol(ANNA)
    texting.run()
    assert texting.inbox() == ["Norte"]


def test_whatever_words_have_been_can_be_had_again(texting: Texting) -> None:
    place, clock = Place("north"), texting.clock
    for by, text in (("ana", "Uno"), ("eva", "Dos"), ("eva", "Dos"), ("ana", ""), ("eva", "Tres")):
        clock.move(minutes=1)
        with texting.workplace.begin() as work:
            wording.rewrite(work, WHOLE, place, {INVITE: text}, by)
    with texting.workplace.begin() as work:
        found = wording.history(work, WHOLE, place, "es")[Template.INVITE]
        assert [(one.version, one.text, one.changed_by) for one in found] == [
            (4, "Tres", "eva"),
            (3, "", "ana"),
            (2, "Dos", "eva"),
            (1, "Uno", "ana"),
        ]
        assert [one.at_ms for one in found] == sorted((one.at_ms for one in found), reverse=True)
        wording.rewrite(work, WHOLE, place, {INVITE: found[-1].text}, "ana")
        assert wording.words_of(work, WHOLE, place, *INVITE) == "Uno"
        assert wording.history(work, Scope("clinic", frozenset({"south"})), place, "es") == {}
        assert wording.history(work, WHOLE, Place("north", "after-visit"), "es") == {}


def test_another_facilitys_words_are_not_ones_own(texting: Texting) -> None:
    south = Scope("clinic", frozenset({"south"}))
    with texting.workplace.begin() as work, pytest.raises(BadInput):
        wording.rewrite(work, south, Place("north"), {INVITE: "Sur"}, "t")


def test_a_preview_names_the_letter_that_turned_one_part_into_two() -> None:
    long = "Queremos saber que trato recibio en nuestro centro. Responda SI o NO, por favor. " * 1
    found = preview(long + "í")
    assert (found.parts.parts, found.turns, found.least_parts) == (2, ("í",), 1)
    assert preview(long).turns == ()
    assert preview("Спасибо").turns == ()


@pytest.mark.parametrize("text", ["{nobody}", "{", "{number.real}", "{number!r}", "{}", "x" * 1001])
def test_words_that_cannot_be_sent_are_refused(text: str) -> None:
    with pytest.raises(BadInput):
        preview(text)


def test_what_a_text_names_is_shown_with_an_example() -> None:
    assert preview("¿Anotamos un {number}? {facility}", facility="Norte").text == (
        "¿Anotamos un 10? Norte"
    )
