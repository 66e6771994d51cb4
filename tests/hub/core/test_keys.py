"""Keys rotate while everything stays readable, for whoever has the ring open too; and nothing is sealed for nobody."""

import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet, InvalidToken

from hub.core.keys import KeyRing, KeysUnreadable


def test_what_was_sealed_before_opens_after_and_in_another_process(tmp_path: Path) -> None:
    path = tmp_path / "personal.keys"
    here, there = KeyRing(path), KeyRing(path)
    before = here.seal(b"before")
    assert there.rotate() == 2
    after = there.seal(b"after")
    assert [ring.open(text) for ring in (here, there) for text in (before, after)] == [
        b"before", b"after", b"before", b"after",
    ]  # fmt: skip
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    newest = Fernet(path.read_bytes().split()[0])
    assert newest.decrypt(here.seal(b"new")) == b"new"
    with pytest.raises(InvalidToken):
        newest.decrypt(before)


def test_fingerprints_stay_what_they_were(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "personal.keys")
    before = ring.fingerprint("+34600111222")
    ring.rotate()
    assert ring.fingerprint("+34600111222") == before
    assert KeyRing(tmp_path / "personal.keys").fingerprint("+34600111222") == before


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "personal.keys"
    path.write_text("not a key\n")
    with pytest.raises(KeysUnreadable):
        KeyRing(path)
