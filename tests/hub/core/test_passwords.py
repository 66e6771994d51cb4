"""Passwords and tokens."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.passwords import (
    Passwords,
    generated_password,
    is_same,
    masked,
    new_token,
    token_hash,
    unmasked,
)
from tests.hub.clinic import QUICK

passwords = Passwords(QUICK)


@settings(max_examples=25)
@given(st.text(max_size=40), st.text(max_size=40))
def test_only_the_same_password_fits(password: str, other: str) -> None:
    hashed = passwords.hash(password)
    assert hashed.startswith("$argon2id$")
    assert passwords.verify(hashed, password)
    assert passwords.verify(hashed, other) == (password == other)
    assert not passwords.verify(None, password)


def test_a_hash_that_is_none_fits_nothing() -> None:
    assert not passwords.verify("not a hash", "x")


def test_our_own_parameters_are_not_outdated() -> None:
    ours = Passwords()
    assert not ours.is_outdated(ours.hash("x"))
    assert ours.is_outdated(passwords.hash("x"))


def test_generated_secrets_differ() -> None:
    assert len({generated_password() for _ in range(200)}) == 200
    assert len({new_token() for _ in range(200)}) == 200
    assert token_hash("a") != token_hash("b")
    assert is_same("é", "é")
    assert not is_same("é", "e")


@given(st.text(min_size=8, max_size=80))
def test_a_masked_secret_is_never_twice_the_same_and_still_itself(secret: str) -> None:
    once, again = masked(secret), masked(secret)
    assert once != again
    assert unmasked(once) == unmasked(again) == secret


@given(st.text(max_size=80))
def test_whatever_a_stranger_sends_is_no_secret(text: str) -> None:
    assert unmasked(text) != "the session's secret"
