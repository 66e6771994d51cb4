"""What axe-core finds on a page, in light and in dark."""

from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page

AXE = (Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FAULTS_ALONE = {"resultTypes": ["violations"]}
"""Axe-core names every element that it has looked at, unless it is told whose names are wanted."""
STILL = """async () => {
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    const fading = document.getAnimations().filter((one) => one instanceof CSSTransition);
    await Promise.allSettled(fading.map((one) => one.finished));
}"""
"""A colour on its way to another is neither."""


def violations(page: Page) -> list[str]:
    """Of every rule for WCAG up to 2.2 AA; in the dark, where nothing but colours differs, of their contrast alone."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = _in(page, "light", {"type": "tag", "values": RULES})
    found += _in(page, "dark", {"type": "rule", "values": ["color-contrast"]})
    page.emulate_media(color_scheme="light")
    return found


def _in(page: Page, scheme: Literal["light", "dark"], rules: dict[str, Any]) -> list[str]:
    page.emulate_media(color_scheme=scheme)
    page.evaluate(STILL)
    result = page.evaluate(
        "options => axe.run(document, options)", {"runOnly": rules, **FAULTS_ALONE}
    )
    return [
        f"{scheme}: {found['id']}: {node['target']} {node['failureSummary']}"
        for found in result["violations"]
        for node in found["nodes"][:3]
    ]
