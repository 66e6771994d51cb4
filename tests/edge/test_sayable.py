"""Whatever a program says, a message can hold it, and what can be read stays as it is."""

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from contract.messages.envelope import Text
from edge.sayable import MOST, sayable

TEXT: TypeAdapter[str] = TypeAdapter(Text)


@given(st.text(st.characters(), max_size=2 * MOST))
def test_every_text_becomes_one_that_may_be_stored_and_sent(text: str) -> None:
    said = sayable(text)
    assert TEXT.validate_python(said) == said
    assert said.encode().decode() == said
    assert len(said) == min(len(text), MOST)
    assert sayable(said) == said


def test_sentences_stay_as_they_are() -> None:
    for text in ("No hay espacio: 3\u202f% libre.", "Карта заполнена\n\t→ 🩺"):
        assert sayable(text) == text
