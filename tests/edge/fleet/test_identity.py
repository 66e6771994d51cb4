"""The terminal's key and credentials on its disk."""

import stat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import AttributeOID

from contract.enrolment import BrokerPlace, Credentials
from edge.broker import BrokerLogin
from edge.fleet.enrolment.card import Card, CardUnusable, read_card
from edge.fleet.enrolment.terminal_file import write_place, write_settings
from edge.fleet.hub_client import HubLogin
from edge.fleet.identity import Identity
from edge.sealing import KeyUnusable
from edge.settings import read_settings


def credentials(password: str = "first") -> Credentials:
    return Credentials(
        organisation="clinic",
        facility="north",
        device="hall-1",
        touchpoint="reception",
        password=password,
        certificate=f"certificate {password}",
        authorities=f"authorities {password}",
        issued_ms=0,
        expires_ms=1,
        broker=BrokerPlace(host="hub.example", port=8883, tls=True),
    )


def test_the_key_is_made_once_and_is_nobody_elses(tmp_path: Path) -> None:
    folder = tmp_path / "identity"
    first = x509.load_pem_x509_csr(Identity(folder).request("words").encode())
    second = x509.load_pem_x509_csr(Identity(folder).request().encode())
    assert first.is_signature_valid
    assert first.public_key() == second.public_key()
    said = first.attributes.get_attribute_for_oid(AttributeOID.CHALLENGE_PASSWORD)
    assert said.value == b"words"
    assert stat.S_IMODE((folder / "key.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    Identity(folder).forget_key()
    third = x509.load_pem_x509_csr(Identity(folder).request().encode())
    assert third.public_key() != first.public_key()


def test_a_damaged_key_is_not_replaced_in_silence(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("zeros")
    with pytest.raises(KeyUnusable, match=r"key\.pem"):
        Identity(tmp_path).request()


def test_credentials_are_exchanged_together_whatever_a_crash_left(tmp_path: Path) -> None:
    identity = Identity(tmp_path)
    assert identity.credentials is None
    identity.keep(credentials("first"))
    identity.keep(credentials("second"))
    (tmp_path / "certificate.pem").write_text("certificate first")  # as a crash may leave it
    (tmp_path / "authorities.pem").write_bytes(b"\xff\xfe")
    again = Identity(tmp_path)
    assert again.credentials == credentials("second")
    assert (tmp_path / "certificate.pem").read_text() == "certificate second"
    assert (tmp_path / "authorities.pem").read_text() == "authorities second"
    (tmp_path / "credentials.json").write_bytes(b"\0" * 100)
    assert Identity(tmp_path).credentials is None
    assert "second" not in repr(credentials("second")).replace("ies second", "").replace(
        "ate second", ""
    )


def test_what_is_shown_where(tmp_path: Path) -> None:
    identity = Identity(tmp_path)
    plain, secured = BrokerLogin("hub", 1883, "a", "b"), BrokerLogin("hub", 8883, tls=True)
    hub = HubLogin("http://hub")
    assert (identity.at_broker(plain), identity.at_hub(hub)) == (plain, hub)
    identity.keep(credentials())
    assert identity.at_broker(plain) == BrokerLogin("hub", 1883, "hall-1", "first")
    shown = identity.at_broker(secured)
    assert (shown.user, shown.password) == (None, None)
    assert shown.certificate_file == str(tmp_path / "certificate.pem")
    assert identity.at_hub(hub) == HubLogin("http://hub", "hall-1", "first")


def test_the_card_names_the_hub_and_the_rest_becomes_settings(tmp_path: Path) -> None:
    boot, folder = tmp_path / "boot", tmp_path / "folder"
    boot.mkdir()
    folder.mkdir()
    assert read_card(folder, [boot]) is None
    (boot / "enrolment.toml").write_text(
        'hub_url = "https://hub"\ntoken = "t"\nca_file = "hub-ca.pem"\n'
        'region = "other"\n[screen]\nmode = "express"\n'
    )
    card = read_card(folder, [boot])
    assert card is not None
    assert (card.token, card.ca_file) == ("t", str(boot / "hub-ca.pem"))
    assert "token" not in repr(card)
    write_settings(folder, card, credentials())
    settings = read_settings(folder / "terminal.toml")
    assert (settings.organisation, settings.facility, settings.device) == (
        "clinic",
        "north",
        "hall-1",
    )
    assert settings.region == "other"
    assert settings.screen is not None
    assert settings.screen.touchpoints == ("reception",)
    assert settings.login == BrokerLogin("hub.example", 8883, tls=True)
    assert settings.hub == HubLogin("https://hub", ca_file=str(boot / "hub-ca.pem"))


def test_a_card_that_cannot_be_used_says_why(tmp_path: Path) -> None:
    for text, said in (("hub_url =", "enrolment.toml"), ('hub_url = "ftp://hub"', "hub_url")):
        (tmp_path / "enrolment.toml").write_text(text)
        with pytest.raises(CardUnusable, match=said):
            read_card(tmp_path, [])
    assert Card(hub_url="http://127.0.0.1:8080/").settings == {}


def test_another_place_changes_the_settings_and_nothing_else_in_them(tmp_path: Path) -> None:
    write_settings(tmp_path, Card(hub_url="https://hub"), credentials())
    with (tmp_path / "terminal.toml").open("a") as file:
        file.write("\n[outbox]\nrows = 1234\n")
    moved = credentials().model_copy(update={"facility": "south"})
    write_place(tmp_path, moved)
    settings = read_settings(tmp_path / "terminal.toml")
    assert (settings.facility, settings.device, settings.outbox.rows) == ("south", "hall-1", 1234)
    assert settings.hub == HubLogin("https://hub")
