"""People's names are masked in four languages and in every Russian case; other words never are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.cases.topics.known_names import KnownNames
from hub.cases.topics.masking import MARK, Masker

NAMED = [
    ("La doctora Puig me atendió mal", "La doctora […] me atendió mal"),
    ("la dra puig es un encanto", "la dra […] es un encanto"),
    ("El Dr. García Márquez no vino", "El Dr. […] no vino"),
    ("hablé con José Luis de la Fuente ayer", "hablé con […] ayer"),
    ("Pilar, la enfermera, muy amable", "[…], la enfermera, muy amable"),
    ("gràcies a la Montse i a l'Anna", "gràcies a la […] i a l'[…]"),
    ("En Jordi Vilà i Ferrer, molt bé", "En […], molt bé"),
    ("доктор Иванова Анна Петровна нагрубила", "доктор […] нагрубила"),
    ("спасибо Марине Сергеевне!", "спасибо […]!"),
    ("анна петровна хамка", "[…] хамка"),
    ("доктор кузнецова груба", "доктор […] груба"),
    ("Смирнову А.П. не найти", "[…] не найти"),
    ("Mrs O'Brien was rude", "Mrs […] was rude"),
    ("Nurse Lucy's care was great", "Nurse […]'s care was great"),
    ("ask for Dr. Patel-Jones", "ask for Dr. […]"),
    ("LA DRA PUIG NO ME ESCUCHO", "LA DRA […] NO ME ESCUCHO"),
]
NOT_NAMED = [
    "El doctor no me atendió. LA DOCTORA NO ME ESCUCHO",
    "La clínica Santa María y el Hospital Sant Pau, en la calle Antonio Machado",
    "Dolores de cabeza. Lunes. Barcelona está lejos. Ibuprofeno no sirve",
    "Hospital de Mataró, Dilluns, Urgències, Paracetamol",
    "May I ask? In May I went. Will you call? Victoria Hospital. X-Ray machine",
    "Кости болят. В Ростове лучше. Аспирин не помог. Больница имени Боткина, улица Ленина",
    "доктор вопросов не задал, врач готова помочь, медсестра здорова. Медсестра Хорошая",
    "La camilla sucia. Ella vino. Dan cita tarde. Quin fred! Nil. Люди ждут",
    "La doctora Excelente. Dr Brilliant",
    "Хирург от Бога. Половина дня. Снова очередь. Марта 5 числа",
]


@pytest.mark.parametrize(("text", "masked"), sorted(NAMED))
def test_names_are_masked(names: KnownNames, text: str, masked: str) -> None:
    assert Masker(names).mask(text) == masked


@pytest.mark.parametrize("text", sorted(NOT_NAMED))
def test_other_words_stay(names: KnownNames, text: str) -> None:
    assert Masker(names).mask(text) == text


def test_the_clinics_employees_are_masked_however_they_are_written(names: KnownNames) -> None:
    masker = Masker(names, ["Dra. Carmen Tartera", "Rosa Blanco"])
    assert masker.mask("tartera me riñó") == f"{MARK} me riñó"
    assert masker.mask("Rosa Blanco vino") == f"{MARK} vino"
    assert masker.mask("la bata rosa y blanco") == "la bata rosa y blanco"


@given(text=st.text(max_size=120))
def test_masking_twice_changes_nothing_more(names: KnownNames, text: str) -> None:
    once = Masker(names).mask(text)
    assert Masker(names).mask(once) == once


@given(before=st.lists(st.sampled_from(["ayer", "vino", "siempre", "luego", "nunca"]), max_size=4))
def test_a_doctor_s_name_is_masked_wherever_it_stands(names: KnownNames, before: list[str]) -> None:
    masked = Masker(names).mask(" ".join([*before, "la doctora Puigcercós", *before]))
    assert "Puigcercós" not in masked
    assert masked.replace(MARK, "").split() == [*before, "la", "doctora", *before]
