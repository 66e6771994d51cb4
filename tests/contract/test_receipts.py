"""Codes of receipts: short, alike for terminal and hub, forgiving to those who type them."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from contract.receipts import ALPHABET, read_code, receipt_code

VISITS = st.uuids().map(str)


@given(VISITS)
def test_a_code_is_read_however_it_is_typed(visit: str) -> None:
    code = receipt_code(visit)
    assert len(code) == 11
    assert set(code) <= set(ALPHABET) | {"-"}
    careless = code.lower().replace("0", "o").replace("1", "l").replace("-", " ")
    assert read_code(careless) == code


@given(st.text(max_size=20))
def test_anything_else_is_no_code(text: str) -> None:
    found = read_code(text)
    assert found is None or len(found) == 11


def test_it_stays_the_same_for_ever() -> None:
    assert receipt_code(str(UUID(int=3))) == receipt_code(str(UUID(int=3)))
    codes = {receipt_code(str(UUID(int=n))) for n in range(2000)}
    assert len(codes) == 2000
