"""Messages that nobody can store: each is kept among the dead letters with its reason, and the good ones go on."""

import base64
import json
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from contract.codec import encode
from contract.messages import ButtonPressed, Stamp
from hub.core.broker.listening import LOOPBACK
from tests.fakes.waiting import eventually
from tests.hub.postgresql import running_postgresql
from tests.system.clinic import FACILITY, Clinic, Terminal
from tests.system.judge import hear_case
from tests.system.patients import Patient

TIME = Stamp(
    wall_ms=1_750_000_000_000,
    boot_id="00000000-0000-4000-8000-000000000001",
    uptime_ms=60_000,
    synchronised=True,
)
HOSTILE = "desk-9"
PATIENCE_S = 90.0
DATABASES = [("mosquitto", "sqlite"), ("iotcore", "postgresql")]


def _good(sequence: int, device: str = HOSTILE) -> bytes:
    message = ButtonPressed(
        device=device, epoch=99, sequence=sequence, time=TIME, panel="p", button=1
    )
    return encode(message)


def _changed(number: int, **fields: Any) -> bytes:
    return json.dumps({**json.loads(_good(number)), **fields}).encode()


OWN_TOPICS: list[tuple[str, bytes, str]] = [
    ("up/ButtonPressed", b'{"type": "ButtonPressed",', "invalid_json"),
    ("up/ButtonPressed", b'{"type": "\xff\xfe"}', "invalid_json"),
    ("up/ButtonPressed", b"\x00" * 64, "invalid_json"),
    ("up/ButtonPressed", b"[]", "invalid_field"),
    ("up/ButtonPressed", _changed(1, panel=17), "invalid_field"),
    ("up/ButtonPressed", _changed(2, panel="a\x00b"), "invalid_field"),
    ("up/ButtonPressed", _changed(3, sequence=10**30), "invalid_field"),
    ("up/ButtonPressed", _changed(3, note="x" * 10_000_000), "over_limit"),
    ("up/ButtonPressed", b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "over_limit"),
    ("up/DanceDanced", _changed(3, type="DanceDanced"), "unknown_type"),
    ("up/SurveyAnswered", _good(4), "invalid_field"),
    ("up/ButtonPressed", _good(5, device="desk-1"), "foreign_identity"),
    ("up/PhotoTaken", bytes(range(256)) * 16, "bad_frame"),
    ("up/PhotoTaken", b"WHB1\xff\xff\xff\xff{}", "bad_frame"),
    ("state", b"nonsense", "invalid_json"),
]
"""What a device may publish below its own address, and why it cannot be stored."""

FOREIGN_TOPICS = [
    (f"wh/v1/clinic/{FACILITY}/desk-77/up/ButtonPressed", _good(1, "desk-77"), "unknown_device"),
    (f"wh/v1/clinic/elsewhere/{HOSTILE}/up/ButtonPressed", _good(6), "wrong_address"),
    (f"wh/v1/clinic/{FACILITY}/NOBODY/up/ButtonPressed", _good(7, "nobody"), "bad_topic"),
]
"""What a broker without an ACL lets through."""


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    with running_postgresql() as server:
        server.run("CREATE DATABASE clinic")
        yield server.url("clinic")


@contextmanager
def _connected(folder: Path) -> Iterator[paho.Client]:
    """As the device whose settings are in the folder."""
    broker = tomllib.loads((folder / "terminal.toml").read_text())["broker"]
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id=HOSTILE, protocol=paho.MQTTv5)
    client.username_pw_set(broker["user"], broker["password"])
    client.connect(LOOPBACK, broker["port"])
    client.loop_start()
    try:
        yield client
    finally:
        client.disconnect()
        client.loop_stop()


def _letters(clinic: Clinic) -> dict[tuple[str, bytes], dict[str, Any]]:
    """Whole letters by topic and payload."""
    api = clinic.hub.api()
    whole = [api.get(f"dead-letters/{letter['id']}") for letter in api.letters()]
    return {(one["topic"], base64.b64decode(one["payload_base64"])): one for one in whole}


def _publish_all(clinic: Clinic, folder: Path, poison: list[tuple[str, bytes, str]]) -> Patient:
    """With good answers before, between and after."""
    patient = Patient(clinic.terminal)
    with _connected(folder) as client:
        for topic, payload, _kind in poison:
            patient.press_times(1)
            client.publish(topic, payload, qos=1).wait_for_publish(PATIENCE_S)
        patient.press_times(1)
        api = clinic.hub.api()
        eventually(lambda: len(api.letters()) >= len(poison), PATIENCE_S)
    return patient


@pytest.mark.parametrize(("broker", "database"), DATABASES)
def test_each_poison_is_kept_and_ingestion_goes_on(
    tmp_path: Path, broker: str, database: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgresql") if database == "postgresql" else ""
    with Clinic(tmp_path, broker=broker, database=url) as clinic:
        hostile = Terminal(tmp_path / HOSTILE, HOSTILE)
        clinic.enrol(hostile)
        own = f"wh/v1/clinic/{FACILITY}/{HOSTILE}"
        poison = [(f"{own}/{below}", payload, kind) for below, payload, kind in OWN_TOPICS]
        if broker == "iotcore":
            poison += FOREIGN_TOPICS
        patient = _publish_all(clinic, hostile.folder, poison)
        letters = _letters(clinic)
        clinic.await_settled()
        verdict = hear_case(patient.presses, clinic.hub.database)
        refused = [
            clinic.hub.api().http.post(f"/api/dead-letters/{letter['id']}/replay").status_code
            for letter in letters.values()
        ]
    kinds = {key: letter["kind"] for key, letter in letters.items()}
    assert kinds == {(topic, payload): kind for topic, payload, kind in poison}
    assert verdict.each_once, verdict
    assert verdict.stored == len(poison) + 1
    assert set(refused) == {409}


def test_a_device_cannot_speak_for_another(tmp_path: Path) -> None:
    """Mosquitto's ACL: what it does not let through leaves no trace at the hub."""
    with Clinic(tmp_path) as clinic:
        hostile = Terminal(tmp_path / HOSTILE, HOSTILE)
        clinic.enrol(hostile)
        with _connected(hostile.folder) as client:
            topic = f"wh/v1/clinic/{FACILITY}/desk-1/up/ButtonPressed"
            client.publish(topic, _good(1, "desk-1"), qos=1).wait_for_publish(PATIENCE_S)
            own = f"wh/v1/clinic/{FACILITY}/{HOSTILE}/up/ButtonPressed"
            client.publish(own, b"marks the end", qos=1).wait_for_publish(PATIENCE_S)
            api = clinic.hub.api()
            eventually(api.letters, PATIENCE_S)
        letters = clinic.hub.api().letters()
        answers = clinic.hub.api().get("answers")
    assert [letter["topic"] for letter in letters] == [own]
    assert answers == []


def test_a_letter_of_a_device_that_is_enrolled_later_is_replayed(tmp_path: Path) -> None:
    with Clinic(tmp_path, broker="external") as clinic:
        topic, payload, kind = FOREIGN_TOPICS[0]
        with _connected(clinic.terminal.folder) as client:
            client.publish(topic, payload, qos=1).wait_for_publish(PATIENCE_S)
            api = clinic.hub.api()
            eventually(api.letters, PATIENCE_S)
        api = clinic.hub.api()
        (letter,) = api.letters()
        assert letter["kind"] == kind
        api.post("devices", {"device": "desk-77", "facility": FACILITY})
        api.post(f"dead-letters/{letter['id']}/replay")
        (answer,) = api.get("answers")
        assert (answer["device"], answer["epoch"], answer["sequence"]) == ("desk-77", 99, 1)
        again = api.http.post(f"/api/dead-letters/{letter['id']}/replay")
        assert again.status_code == 409
