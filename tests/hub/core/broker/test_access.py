"""The texts of Mosquitto's password and ACL files."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.topics import DeviceAddress, TopicError
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


identifiers = st.from_regex(r"[a-z0-9][a-z0-9-]{0,62}", fullmatch=True)
addresses = st.builds(DeviceAddress, identifiers, identifiers, device_ids)


@given(st.lists(addresses, unique_by=lambda address: address.device))
def test_a_device_s_rules_name_its_own_address_and_no_wildcard_but_the_last(
    devices: list[DeviceAddress],
) -> None:
    user, seen = "", set()
    for line in access.device_acl(devices).splitlines():
        word, _, rest = line.partition(" ")
        if word == "user":
            user = rest
            seen.add(user)
            continue
        address = next(a for a in devices if a.device == user)
        kind, topic = rest.split(" ")
        own = topic.startswith(f"{address}/") and "+" not in topic and topic.count("#") <= 1
        assert own or (kind, topic) == ("read", f"wh/v1/{address.organisation}/hub")
        assert "#" not in topic or (kind == "write" and topic == f"{address}/up/#")
    assert seen == {address.device for address in devices}


def test_a_device_cannot_be_called_as_the_hub_is() -> None:
    with pytest.raises(TopicError, match="hub"):
        access.device_acl([DeviceAddress("clinic", "main", "hub")])
