"""What pages load is put in place whole, and only as it is expected."""

import hashlib
import re
import subprocess

import pytest

from development.assets import (
    ROOT,
    Asset,
    AssetsMissing,
    is_installed,
    listed,
    npm_of_wheel,
)

CONTENT = b"export {};\n"


def asset(tmp_path, sha256):
    source = tmp_path / "node_modules" / "one.js"
    source.parent.mkdir()
    source.write_bytes(CONTENT)
    return Asset(source, tmp_path / "web" / "vendor" / "one.js", sha256)


def test_a_file_is_copied_once_it_has_the_expected_digest(tmp_path):
    one = asset(tmp_path, hashlib.sha256(CONTENT).hexdigest())
    assert not one.is_in_place()
    one.put()
    assert one.target.read_bytes() == CONTENT
    assert one.is_in_place()


def test_another_content_is_refused_and_both_digests_named(tmp_path):
    one = asset(tmp_path, "0" * 64)
    with pytest.raises(AssetsMissing, match=hashlib.sha256(CONTENT).hexdigest()):
        one.put()
    assert not one.target.exists()


def test_a_package_without_the_file_is_refused(tmp_path):
    gone = Asset(tmp_path / "gone.js", tmp_path / "there.js", "0" * 64)
    with pytest.raises(AssetsMissing, match="no file"):
        gone.put()


def test_everything_that_is_listed_is_in_place():
    assets = listed(ROOT)
    assert {found.target.name for found in assets} >= {"index.css", "simple-keyboard.js"}
    assert all(found.is_in_place() for found in assets)


def test_an_older_installation_is_noticed(tmp_path):
    assert not is_installed(tmp_path)
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / ".package-lock.json").touch()
    lock = tmp_path / "package-lock.json"
    lock.touch()
    installed = (tmp_path / "node_modules" / ".package-lock.json").stat()
    assert is_installed(tmp_path) == (installed.st_mtime >= lock.stat().st_mtime)


def test_a_machine_without_npm_has_the_one_of_a_python_package():
    said = subprocess.run(
        [*npm_of_wheel(), "--version"], capture_output=True, text=True, check=True
    )
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", said.stdout)
