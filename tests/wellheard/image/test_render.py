"""One device's card: what is asked for is written and nothing else, and what reads it there understands it."""

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from contract.enrolment import BrokerPlace, Credentials
from contract.topics import IDENTIFIER_PATTERN
from edge.fleet.enrolment.card import read_card
from edge.fleet.enrolment.terminal_file import settings as terminal_settings
from edge.fleet.launcher import READY
from edge.fleet.updates.assembly import install_first
from edge.settings import EdgeSettings
from tests.fakes.releases import Publisher, tiny_wheel
from tests.fakes.stick import stick
from wellheard.image.card import without_growing
from wellheard.image.cli import app
from wellheard.image.settings import ImageRefused, ImageSettings, checked
from wellheard.release.publishing import write_stick

PRIVILEGED_PATH = ("env", "PATH=/usr/sbin:/usr/bin")
PASSPHRASE = "correct horse: battery"
KEY = ed25519.Ed25519PrivateKey.generate().public_key()
SSH_KEY = KEY.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def certificate() -> str:
    key, now = ed25519.Ed25519PrivateKey.generate(), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hub.clinic.example")])
    built = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    return built.sign(key, None).public_bytes(Encoding.PEM).decode()


def render(out: Path, *options: str, device: str = "hall-1", code: int = 0) -> str:
    """What the command says; its exit code is checked."""
    arguments = ["render", "--device", device, "--out", str(out), *options]
    told = CliRunner().invoke(app, arguments, env={"WELLHEARD_WIFI_PASSPHRASE": PASSPHRASE})
    assert told.exit_code == code, told.output
    return told.output


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mode & 0o777)
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def full(tmp_path: Path) -> Path:
    """A folder with everything that can be asked for."""
    (tmp_path / "key.pub").write_text(SSH_KEY)
    (tmp_path / "site.toml").write_text(
        'hub = "https://hub.clinic.example"\ntimezone = "Europe/Moscow"\nlocale = "ru_RU.UTF-8"\n'
        'keyboard = "ru"\nntp = ["ntp.clinic.example"]\npanels = ["1209", "1a86:7523"]\n'
        '[wifi]\nssid = "Клиника: \\"second\\" floor"\ncountry = "DE"\nhidden = true\n'
    )
    site = ("--site", str(tmp_path / "site.toml"))
    render(tmp_path / "out", *site, "--ssh-key", str(tmp_path / "key.pub"))
    return tmp_path / "out"


def test_cloud_init_and_netplan_understand_what_they_are_given(full: Path, tmp_path: Path) -> None:
    command = ["cloud-init", "schema", "-c", str(full / "user-data")]
    subprocess.run(command, capture_output=True, check=True)
    told = json.loads((full / "user-data").read_text().removeprefix("#cloud-config\n"))
    assert (told["hostname"], told["timezone"], told["locale"]) == (
        "hall-1",
        "Europe/Moscow",
        "ru_RU.UTF-8",
    )
    assert told["users"][0]["ssh_authorized_keys"] == [SSH_KEY]
    assert told["growpart"]["mode"] == "off"

    sudoers = tmp_path / "sudoers"
    sudoers.write_text(f"{told['users'][0]['name']} {told['users'][0]['sudo']}\n")
    subprocess.run([*PRIVILEGED_PATH, "visudo", "-cf", str(sudoers)], check=True)

    root = tmp_path / "netplan"
    (root / "etc/netplan").mkdir(parents=True)
    shutil.copy(full / "network-config", root / "etc/netplan/50-card.yaml")
    subprocess.run([*PRIVILEGED_PATH, "netplan", "generate", "--root-dir", str(root)], check=True)
    made = "\n".join(path.read_text() for path in root.rglob("*wlan0*.nmconnection"))
    assert re.search("^psk=[0-9a-f]{64}$", made, re.MULTILINE)
    assert "hidden=true" in made


def test_the_passphrase_is_nowhere_and_secrets_are_the_owner_s_alone(full: Path) -> None:
    written = contents(full)
    assert not [name for name, (content, _) in written.items() if PASSPHRASE.encode() in content]
    assert {name for name, (_, mode) in written.items() if mode == 0o600} == {
        "network-config",
        "wellheard/identity/enrolment.toml",
    }
    assert {mode for _, mode in written.values()} == {0o600, 0o644}
    assert full.stat().st_mode & 0o777 == 0o700


def test_time_comes_from_several_servers_the_house_s_own_first(full: Path, tmp_path: Path) -> None:
    folder = tmp_path / "etc/systemd/timesyncd.conf.d"
    folder.mkdir(parents=True)
    shutil.copy(full / "wellheard/system/etc/systemd/timesyncd.conf.d/80-wellheard.conf", folder)
    shutil.copy("/etc/systemd/timesyncd.conf", folder.parent)
    read = subprocess.check_output(
        ["systemd-analyze", f"--root={tmp_path}", "cat-config", "systemd/timesyncd.conf"], text=True
    )
    theirs, _, ours = read.partition("80-wellheard.conf")
    keys = re.findall(r"^([A-Z]\w+)=", ours, re.MULTILINE)
    assert set(keys) <= set(re.findall(r"^#?([A-Z]\w+)=", theirs, re.MULTILINE))
    servers = re.findall("^NTP=(.*)$", ours, re.MULTILINE)[0].split()
    assert servers[0] == "ntp.clinic.example"
    assert len(set(servers)) >= 4


def test_the_key_of_a_network_is_the_standard_s() -> None:
    """IEEE 802.11i, H.4.3, the first test vector."""
    wifi = {"ssid": "IEEE", "passphrase": "password"}
    settings = checked({"device": "hall-1", "wifi": wifi})
    assert settings.wifi is not None
    assert settings.wifi.key == "f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e"


def test_rendering_again_changes_nothing_and_takes_away_what_is_no_longer_wanted(
    full: Path, tmp_path: Path
) -> None:
    before = contents(full)
    inodes = {name: (full / name).stat().st_ino for name in before if "rendered" not in name}
    site = ("--site", str(tmp_path / "site.toml"))
    render(full, *site, "--ssh-key", str(tmp_path / "key.pub"))
    assert contents(full) == before
    assert {name: (full / name).stat().st_ino for name in inodes} == inodes

    authority = certificate()
    (tmp_path / "ca.pem").write_text(authority)
    render(full, "--hub-ca", str(tmp_path / "ca.pem"))
    assert (full / "wellheard/identity/hub-ca.pem").read_text() == authority
    (full / "note").write_text("somebody's own")
    render(full)
    assert not (full / "wellheard/identity/hub-ca.pem").exists()
    assert (full / "note").read_text() == "somebody's own"
    assert SSH_KEY.encode() not in b"".join(content for content, _ in contents(full).values())


def test_another_s_folder_is_never_written_to(full: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "documents"
    foreign.mkdir()
    (foreign / "letter").write_text("Dear colleague")
    for folder, device, word in (
        (foreign, "hall-1", "not rendered here"),
        (full, "hall-2", "hall-1"),
        (foreign / "letter", "hall-1", "no folder"),
    ):
        before = contents(tmp_path)
        said = render(folder, device=device, code=2)
        assert said.startswith("out: "), said
        assert word in said
        assert contents(tmp_path) == before
    # A list that leads elsewhere is not believed, or it would say what is deleted.
    (full / "wellheard/rendered.json").write_text(
        '{"device": "hall-1", "files": ["../documents/letter"]}'
    )
    render(full, code=2)
    assert (foreign / "letter").exists()


def test_nothing_of_one_device_is_in_another_s_folder(full: Path, tmp_path: Path) -> None:
    render(tmp_path / "second", device="ward-9")
    together = b"".join(content for content, _ in contents(tmp_path / "second").values())
    assert b"ward-9" in together
    assert b"hall-1" not in together
    assert b"clinic.example" not in together


@pytest.mark.parametrize(
    ("field", "option", "value"),
    [
        ("hostname", "--hostname", "hall_1"),
        ("hub", "--hub", "http://hub.clinic.example"),
        ("hub_ca", "--hub-ca", __file__),
        ("keyboard", "--keyboard", "Spanish"),
        ("locale", "--locale", "es"),
        ("ntp", "--ntp", "two words"),
        ("panels", "--panel", "12"),
        ("enrolment", "--enrolment", __file__),
        ("screen", "--screen", "large"),
        ("ssh_keys", "--ssh-key", __file__),
        ("timezone", "--timezone", "Mars/Olympus"),
        ("wifi.country", "--country", "Spain"),
        ("wifi.passphrase", "--wifi-passphrase-file", __file__),
        ("wifi.ssid", "--wifi", "x" * 33),
    ],
)
def test_bad_input_is_refused_by_the_field_s_name(
    field: str, option: str, value: str, tmp_path: Path
) -> None:
    wifi = ["--wifi", "clinic"] if field.startswith("wifi") and option != "--wifi" else []
    said = render(tmp_path / "out", *wifi, option, value, code=2)
    assert said.startswith(f"{field}: "), said
    assert not (tmp_path / "out").exists()


@given(st.text(max_size=70) | st.from_regex(IDENTIFIER_PATTERN))
def test_a_device_s_name_is_an_identifier_or_refused(name: str) -> None:
    if re.fullmatch(IDENTIFIER_PATTERN, name) and not name.endswith("\n"):
        settings = checked({"device": name})
        assert (settings.device, settings.hostname) == (name, name.rstrip("-"))
    else:
        with pytest.raises(ImageRefused, match=r"^device: "):
            checked({"device": name})


def test_the_agent_understands_its_card(tmp_path: Path) -> None:
    table = tmp_path / "tokens.csv"
    table.write_text(f"device,token\nward-9,{'w' * 22}\nhall-1,{'h' * 22}\n")
    authority = tmp_path / "ca.pem"
    authority.write_text(certificate())
    options = ("--enrolment", str(table), "--hub-ca", str(authority), "--screen", "1280x800")
    render(tmp_path / "card", *options, "--bundle", str(stick(tmp_path)))
    identity = tmp_path / "card/wellheard/identity"
    card = read_card(identity)
    assert card is not None
    assert (card.device, card.token, card.hub_url) == (
        "hall-1",
        "h" * 22,
        "https://wellheard.local",
    )
    assert card.ca_file == str(identity / "hub-ca.pem")
    assert "w" * 22 not in "".join(path.read_text() for path in identity.iterdir())
    place = BrokerPlace(host="wellheard.local", port=8883, tls=True)
    for touchpoint, is_shown in (("entrance", True), (None, False)):
        found = Credentials(
            organisation="clinic",
            facility="main",
            device="hall-1",
            touchpoint=touchpoint,
            password="a password",
            certificate=authority.read_text(),
            authorities=authority.read_text(),
            issued_ms=0,
            expires_ms=1,
            broker=place,
        )
        settings = EdgeSettings.model_validate(terminal_settings(card, found))
        assert settings.updates is not None
        assert (settings.screen is not None) == is_shown


def test_the_software_on_a_card_is_what_was_signed(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path / "publisher")
    publisher.release("1.0", [tiny_wheel(tmp_path, "wellheard", "1.0", {"wellheard/a.py": ""})])
    write_stick(publisher.repository, tmp_path / "stick", "stable", "1.0")
    render(tmp_path / "card", "--bundle", str(tmp_path / "stick"))
    card, terminal = tmp_path / "card/wellheard", tmp_path / "terminal"
    terminal.mkdir()
    root = (card / "identity/root.json").read_bytes()
    slot = install_first(terminal, card / "bundle", root, "stable", "1.0")
    assert (terminal / "releases" / slot / READY).exists()

    said = render(tmp_path / "other", "--bundle", str(tmp_path / "publisher"), code=2)
    assert said.startswith("bundle: ")


def test_a_table_without_this_device_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tokens.csv").write_text(f"device,token\nward-9,{'w' * 22}\n")
    said = render(tmp_path / "card", "--enrolment", str(tmp_path / "tokens.csv"), code=2)
    assert said.startswith("enrolment: ")
    assert "w" * 22 not in said


def test_a_refused_secret_is_not_repeated(tmp_path: Path) -> None:
    (tmp_path / "word").write_text("short€")
    options = ("--wifi", "clinic", "--wifi-passphrase-file", str(tmp_path / "word"))
    assert "short" not in render(tmp_path / "out", *options, code=2)
    typed = ("--wifi", "clinic", "--wifi-passphrase-file", PASSPHRASE)
    assert PASSPHRASE not in render(tmp_path / "out", *typed, code=2)
    wifi = {"ssid": "clinic", "passphrase": PASSPHRASE}
    settings = ImageSettings.model_validate(
        {"device": "hall-1", "wifi": wifi, "enrolment": "t" * 22}
    )
    assert PASSPHRASE not in repr(settings)
    assert "t" * 22 not in repr(settings)


def test_a_flashed_card_gets_the_files_and_keeps_its_own(full: Path, tmp_path: Path) -> None:
    card = tmp_path / "bootfs"
    card.mkdir()
    (card / "config.txt").write_text("arm_64bit=1\n")
    (card / "cmdline.txt").write_text("console=tty1 root=PARTUUID=12345678-02 rootwait resize\n")
    (card / "user-data").write_text("#cloud-config\n")

    def install(rendered: Path = full, code: int = 0) -> str:
        told = CliRunner().invoke(app, ["install", str(rendered), str(card)])
        assert told.exit_code == code, told.output
        return told.output

    assert "sets itself up" in install()
    assert (card / "cmdline.txt").read_text() == "console=tty1 root=PARTUUID=12345678-02 rootwait\n"
    assert (card / "config.txt").read_text() == "arm_64bit=1\n"
    assert (card / "user-data").read_bytes() == (full / "user-data").read_bytes()
    assert "sets itself up" in install()
    render(tmp_path / "other", device="ward-9")
    assert "hall-1" in install(tmp_path / "other", code=2)
    assert "is not what" in install(card.parent, code=2)
    (card / "config.txt").unlink()
    assert install(code=2).startswith("card: ")


@given(st.lists(st.sampled_from(["quiet", "resize", "fsck.repair=yes", "resized=1"])))
def test_only_the_word_itself_goes(words: list[str]) -> None:
    assert without_growing(" ".join(words)).split() == [word for word in words if word != "resize"]
