"""The lock check notices what a hand-made or a stale lock gets wrong."""

import pytest

from development.lock import REGISTRIES, faults, pins

PROJECT = """
[project]
dependencies = ["Paho_MQTT>=2.1,<3"]
[project.optional-dependencies]
hub = ["psycopg[binary]>=3.2"]
"""
LOCK = """\
paho-mqtt==2.1.0 \\
    --hash=sha256:00
psycopg==3.2.9 ; sys_platform == 'linux' \\
    --hash=sha256:11
    # via wellheard (pyproject.toml)
"""


def test_a_lock_that_fits_has_no_fault() -> None:
    assert list(faults(PROJECT, LOCK)) == []
    assert {name: str(version) for name, version in pins(LOCK).items()} == {
        "paho-mqtt": "2.1.0",
        "psycopg": "3.2.9",
    }


@pytest.mark.parametrize(
    ("lock", "sentence"),
    [
        (LOCK.replace("psycopg==3.2.9", "other==1"), "psycopg is wanted by pyproject.toml"),
        (LOCK.replace("2.1.0", "3.0.0"), "Paho_MQTT is locked at 3.0.0"),
        (LOCK.replace("    --hash=sha256:00\n", ""), "paho-mqtt==2.1.0 has no hash."),
        (f"--index-url {REGISTRIES[0]}\n{LOCK}", "The lock names the registry"),
    ],
)
def test_each_fault_has_its_sentence(lock: str, sentence: str) -> None:
    (found,) = faults(PROJECT, lock)
    assert found.startswith(sentence)
