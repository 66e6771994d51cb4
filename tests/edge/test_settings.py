"""`terminal.toml`: what is wrong is said by file and field, and secrets are not repeated."""

from pathlib import Path

import pytest

from edge.outbox import Limits
from edge.settings import SettingsError, read_settings

GOOD = """
organisation = "clinic"
facility = "main"
device = "hall-1"
[broker]
host = "hub.clinic.example"
user = "hall-1"
password = "hidden-word"
tls = true
"""


def settings_in(folder: Path, text: str) -> Path:
    path = folder / "terminal.toml"
    path.write_text(text, "utf-8")
    return path


def test_good_settings_are_understood(tmp_path: Path) -> None:
    settings = read_settings(settings_in(tmp_path, GOOD))
    assert str(settings.address) == "wh/v1/clinic/main/hall-1"
    assert (settings.login.host, settings.login.port) == ("hub.clinic.example", 8883)
    assert (settings.login.user, settings.login.password, settings.login.tls) == (
        "hall-1",
        "hidden-word",
        True,
    )
    assert settings.limits == Limits(1_000_000, 512 * 1024 * 1024)


def test_limits_of_health_can_be_set_one_by_one(tmp_path: Path) -> None:
    text = GOOD + "[health]\ntemperature_c = {warning = 60, failure = 70}\n"
    health = read_settings(settings_in(tmp_path, text)).health
    assert [health.temperature_c.status(at) for at in (59, 60, 70)] == ["ok", "warning", "failure"]
    assert health.disk_free_percent.status(9) == "warning"
    with pytest.raises(SettingsError, match=r"health\.temperature_c\.failure"):
        read_settings(settings_in(tmp_path, text.replace(", failure = 70", "")))


def test_the_password_is_not_shown(tmp_path: Path) -> None:
    settings = read_settings(settings_in(tmp_path, GOOD))
    assert "hidden-word" not in repr(settings)
    assert "hidden-word" not in repr(settings.login)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('device = "hall-1"', "", "device: Field required"),
        ('device = "hall-1"', 'device = "Hall 1"', "device: String should match pattern"),
        ('device = "hall-1"', 'device = "a/b"', "device: String should match pattern"),
        ('facility = "main"', "facility = 3", "facility: Input should be a valid string"),
        ('facility = "main"', 'facility = "main"\nfacilty = "x"', "facilty: Extra inputs"),
        ('host = "hub.clinic.example"', "", "broker.host: Field required"),
        ('host = "hub.clinic.example"', 'host = ""', "broker.host: String should have at least 1"),
        ("tls = true", "tls = true\nport = 0", "broker.port: Input should be greater"),
        ("tls = true", "tls = true\nport = 65536", "broker.port: Input should be less"),
        ("tls = true", "tls = 'perhaps'", "broker.tls: Input should be a valid boolean"),
        ("tls = true", "[outbox]\nrows = 1", "outbox.rows: Input should be greater"),
        ("tls = true", "[outbox]\nmegabytes = 0", "outbox.megabytes: Input should be greater"),
        ("[broker]", "[brocker]", "broker: Field required"),
        ("tls = true", "tls = yes", "line 9"),
        ("tls = true", "tls = true\ntls = false", "overwrite a value"),
    ],
)
def test_the_file_and_the_field_are_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    path = settings_in(tmp_path, GOOD.replace(old, new))
    with pytest.raises(SettingsError) as caught:
        read_settings(path)
    assert str(path) in str(caught.value)
    assert said in str(caught.value)
    assert "hidden-word" not in str(caught.value)


def test_a_file_that_is_not_there_or_not_a_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"terminal\.toml.*No such file"):
        read_settings(tmp_path / "terminal.toml")
    (tmp_path / "terminal.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match=r"terminal\.toml"):
        read_settings(tmp_path / "terminal.toml")


SMILES = """
[camera]
source = "/dev/video0"
zone = "{zone}"
[camera.smiles]
service = "before"
"""


def test_smiles_of_people_at_work_are_refused_by_the_name_of_the_rule(tmp_path: Path) -> None:
    text = GOOD + SMILES.format(zone="staff")
    with pytest.raises(SettingsError, match=r"camera: .*EU AI Act.*article 5\(1\)\(f\)"):
        read_settings(settings_in(tmp_path, text))
    with pytest.raises(SettingsError, match="of patients only"):
        read_settings(settings_in(tmp_path, f'region = "other"\n{text}'))


def test_smiles_are_off_unless_somebody_wants_them(tmp_path: Path) -> None:
    settings = read_settings(settings_in(tmp_path, GOOD + SMILES.format(zone="patients")))
    assert settings.camera is not None
    assert settings.camera.smiles is not None
    assert settings.region == "eu"
    plain = SMILES.partition("[camera.smiles]")[0].format(zone="staff")
    settings = read_settings(settings_in(tmp_path, GOOD + plain))
    assert settings.camera is not None
    assert settings.camera.smiles is None
