"""Files under their own SHA-256."""

import os
from hashlib import sha256
from pathlib import Path

from hub.core.objects import ObjectFolder

CONTENT = b"a picture"
NAME = sha256(CONTENT).hexdigest()


def test_what_was_kept_is_found_until_it_is_removed(tmp_path: Path) -> None:
    folder = ObjectFolder(tmp_path / "objects")
    assert folder.find(NAME) is None
    assert folder.keep(CONTENT) == folder.keep(CONTENT) == NAME
    assert folder.find(NAME) == CONTENT
    assert (tmp_path / "objects" / NAME).stat().st_mode & 0o077 == 0
    folder.remove(NAME)
    folder.remove(NAME)
    assert folder.find(NAME) is None


def test_a_file_that_was_changed_is_not_given_out(tmp_path: Path) -> None:
    folder = ObjectFolder(tmp_path)
    folder.keep(CONTENT)
    (tmp_path / NAME).write_bytes(b"another")
    assert folder.find(NAME) is None


def test_nothing_outside_the_folder_has_a_name(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(CONTENT)
    folder = ObjectFolder(tmp_path / "objects")
    folder.keep(CONTENT)
    assert folder.find("../secret") is None
    folder.remove("../secret")
    assert (tmp_path / "secret").exists()


def test_old_files_are_told_from_new_ones(tmp_path: Path) -> None:
    folder = ObjectFolder(tmp_path)
    assert list(ObjectFolder(tmp_path / "none").older_than(0)) == []
    old, new = folder.keep(b"old"), folder.keep(b"new")
    os.utime(tmp_path / old, (1000, 1000))
    (tmp_path / "note.txt").write_text("not ours")
    assert list(folder.older_than(2000)) == [old]
    assert new in set(folder.older_than(2**40))
