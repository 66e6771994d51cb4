"""Terminals of these tests lie in memory: an update pushes the whole disk, and a test run writes much to it beside.

SIGKILL takes nothing out of a disk's cache, so no fault is hidden by that.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")


@pytest.fixture(scope="module")
def module_folder() -> Iterator[Path]:
    """A folder for a module's tests."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as name:
        yield Path(name)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for one test."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as name:
        yield Path(name)
