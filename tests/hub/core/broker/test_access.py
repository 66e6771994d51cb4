"""The texts of Mosquitto's password and ACL files."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.topics import TopicError
from hub.core.broker import access

device_ids = st.from_regex(r"[a-z0-9][a-z0-9-]{0,62}", fullmatch=True).filter(lambda i: i != "hub")


@given(st.dictionaries(device_ids, st.text(min_size=1)))
def test_the_password_file_reads_back_as_written(passwords: dict[str, str]) -> None:
    hashes = {user: access.password_hash(p, bytes(12)) for user, p in passwords.items()}
    text = access.password_lines(hashes)
    assert text.count("\n") == len(passwords)
    assert access.parse_password_lines(text) == hashes


@given(st.text())
def test_any_text_reads_as_some_password_file(text: str) -> None:
    for user, hashed in access.parse_password_lines(text).items():
        assert f"{user}:{hashed}" in text


@given(st.text())
def test_only_the_alphabet_of_ids_gets_through(name: str) -> None:
    try:
        accepted = access.checked_device_user(name)
    except TopicError:
        return
    assert accepted == name
    assert 0 < len(name) <= 63
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@given(device_ids)
def test_every_other_id_gets_through(device_id: str) -> None:
    assert access.checked_device_user(device_id) == device_id


def test_the_hub_s_name_is_no_device() -> None:
    with pytest.raises(TopicError, match="hub"):
        access.checked_device_user("hub")


def test_a_hash_is_mosquittos_own_format() -> None:
    salt = bytes(range(12))
    _, kind, iterations, salted, hashed = access.password_hash("pa$$wörd", salt).split("$")
    assert (kind, iterations) == ("7", "101")
    assert base64.b64decode(salted) == salt
    expected = hashlib.pbkdf2_hmac("sha512", "pa$$wörd".encode(), salt, 101)
    assert base64.b64decode(hashed) == expected


def test_every_line_for_devices_names_the_user_or_the_announcement() -> None:
    patterns = [line for line in access.acl().splitlines() if line.startswith("pattern")]
    assert patterns[-1] == "pattern read wh/v1/+/hub"
    assert all("/%u/" in pattern for pattern in patterns[:-1])
