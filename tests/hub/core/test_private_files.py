"""Keys and databases that nobody else may read, and that are there when they are needed."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from stat import S_IMODE

import pytest
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import text

from hub.core.db import Database
from hub.core.keys import KeyRing, KeysUnreadable
from hub.core.private_files import write_once


@pytest.fixture(autouse=True)
def _careless_user() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "hub" / "keys" / "personal.keys"


def mode(path: Path) -> int:
    return S_IMODE(path.stat().st_mode)


def test_the_keys_are_made_once_and_for_the_hub_alone(path: Path) -> None:
    sealed = KeyRing(path).seal(b"secret")
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    assert KeyRing(path).open(sealed) == b"secret"
    assert b"secret" not in sealed
    assert {p.name for p in path.parent.iterdir()} == {path.name, "fingerprint.key"}


def test_a_restored_copy_that_everybody_may_read_becomes_private_again(path: Path) -> None:
    KeyRing(path)
    path.chmod(0o644)
    KeyRing(path)
    assert mode(path) == 0o600


def test_a_new_key_in_front_seals_and_the_old_one_still_opens(path: Path) -> None:
    old = KeyRing(path).seal(b"before")
    fresh = Fernet.generate_key()
    path.write_bytes(fresh + b"\n" + path.read_bytes())
    ring = KeyRing(path)
    assert ring.open(old) == b"before"
    assert Fernet(fresh).decrypt(ring.seal(b"after")) == b"after"


def test_another_key_opens_nothing_and_a_changed_byte_is_noticed(
    path: Path, tmp_path: Path
) -> None:
    ring = KeyRing(path)
    sealed = ring.seal(b"secret")
    with pytest.raises(InvalidToken):
        KeyRing(tmp_path / "other.keys").open(sealed)
    with pytest.raises(InvalidToken):
        ring.open(sealed[:-5] + bytes([sealed[-5] ^ 1]) + sealed[-4:])


@pytest.mark.parametrize("content", [b"", b"\n", b"not a key\n"])
def test_a_spoilt_file_is_named_and_not_replaced(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(KeysUnreadable, match=str(path)):
        KeyRing(path)
    assert path.read_bytes() == content


def test_of_many_that_write_at_once_one_wins_and_all_read_the_same(tmp_path: Path) -> None:
    path = tmp_path / "once"
    with ThreadPoolExecutor(8) as writers:
        list(writers.map(lambda n: write_once(path, bytes([n]) * 1000), range(32)))
    assert len(set(path.read_bytes())) == 1
    assert len(path.read_bytes()) == 1000
    assert list(tmp_path.iterdir()) == [path]


def test_the_database_and_its_log_are_for_the_hub_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "hub.db"
    database = Database(f"sqlite:///{path}")
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE t (x)"))
        modes = {file.name: mode(file) for file in path.parent.iterdir()}
    database.close()
    assert modes == dict.fromkeys(("hub.db", "hub.db-wal", "hub.db-shm"), 0o600)
    assert mode(path.parent) == 0o700


def test_a_database_that_everybody_may_read_becomes_private(tmp_path: Path) -> None:
    path = tmp_path / "hub.db"
    path.touch(0o644)
    Database(f"sqlite:///{path}").close()
    assert mode(path) == 0o600


def test_a_folder_that_is_there_is_left_to_its_owner(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    Database(f"sqlite:///{tmp_path / 'hub.db'}").close()
    assert mode(tmp_path) == 0o755
