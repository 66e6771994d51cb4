"""How many bytes the first page takes over the wire, counted by a Chromium that has nothing in its cache."""

from typing import Any

from bench.apparatus.tile_reading import SignedIn
from tests.browser.chromium import CHROMIUM, launched

SETTLED_MS = 3_000
"""The page asks for its tiles by itself, and its stream never ends."""


def loaded_bytes(signed_in: SignedIn) -> dict[str, Any]:
    """With headers, as they were encoded: fonts, and everything else."""
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}
    with launched(CHROMIUM) as browser:
        context = browser.new_context()
        context.request.post(
            f"{signed_in.url}/api/login",
            data={"name": signed_in.name, "password": signed_in.password},
        )
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))
        wire.on(
            "Network.loadingFinished",
            lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]}),
        )
        wire.send("Network.enable")
        page.goto(signed_in.url)
        page.wait_for_timeout(SETTLED_MS)
    fonts = sum(size for request, size in sizes.items() if kinds.get(request) == "Font")
    total = int(sum(sizes.values()))
    return {"requests": len(sizes), "without_fonts": int(total - fonts), "fonts": int(fonts)}
