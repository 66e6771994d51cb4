"""A mount namespace of one's own, without being able to do anything to the machine."""

import subprocess
from functools import cache

import pytest

APART = ("unshare", "--map-root-user", "--mount", "--propagation", "private")


@cache
def _refusal() -> str:
    tried = subprocess.run([*APART, "true"], capture_output=True, text=True, check=False)
    return tried.stderr.strip() if tried.returncode else ""


def apart() -> list[str]:
    """The command that runs another one there; where that is not permitted, as in a chroot, the test is skipped."""
    if _refusal():
        pytest.skip(f"no user namespaces here: {_refusal()}")
    return list(APART)
