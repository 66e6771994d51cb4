"""A patient in front of the screen: touches it, waits on the virtual clock, and measures with a ruler."""

import os
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser.accessibility import AXE, FAULTS_ALONE
from tests.edge.screen.terminal import ScreenTerminal
from tests.fakes.waiting import eventually

BOXES = """(elements) => elements.filter((one) => one.checkVisibility()).map((one) => {
    const { x, y, width, height, bottom, right } = one.getBoundingClientRect();
    return { x, y, width, height, bottom, right };
})"""
CUT_OFF = """() => {
  const screen = document.getElementById("screen").getBoundingClientRect();
  const shown = [...document.querySelectorAll("#screen *")].filter((element) =>
    !element.closest("svg") && element.checkVisibility() && element.id !== "field" && element.clientWidth > 1);
  const letters = parseFloat(getComputedStyle(document.getElementById("screen")).fontSize);
  return shown.filter((element) => {
    const box = element.getBoundingClientRect();
    const beside = box.right > screen.right + 2.5 || box.left < -2.5;
    const outside = beside || box.bottom > screen.bottom + 2.5 || box.top < -2.5;
    const wide = element.scrollWidth > element.clientWidth + 2 && element.clientWidth > 0;
    const high = element.scrollHeight > element.clientHeight + letters * 0.3 && element.clientHeight > 0;
    return getComputedStyle(element).display !== "inline" && (outside || wide || high);
  }).map((element) => `${element.tagName}#${element.id}.${element.className}: ${element.textContent.slice(0, 40)}`);
}"""

SMALL_LETTERS_PX = """() => {
  const ruler = document.createElement("canvas").getContext("2d");
  const seen = new Set();
  for (const element of document.querySelectorAll("#screen *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility() || element.clientWidth <= 1) continue;
    const style = getComputedStyle(element);
    ruler.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    seen.add(ruler.measureText("x").actualBoundingBoxAscent);
  }
  return Math.min(...seen);
}"""


class Patient:
    """One person. Screenshots go to `where`, to be looked at."""

    def __init__(self, terminal: ScreenTerminal, page: Page, where: Path) -> None:
        self.terminal = terminal
        self.page = page
        self._where = where

    @property
    def mm(self) -> float:
        """Pixels of a millimetre."""
        return float(
            self.page.evaluate(
                "parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--mm'))"
            )
        )

    @property
    def size(self) -> dict[str, int]:
        size = self.page.viewport_size
        assert size is not None
        return {"width": size["width"], "height": size["height"]}

    def box(self, target: str | Locator) -> dict[str, float]:
        found = self.page.locator(target) if isinstance(target, str) else target
        box = found.bounding_box()
        assert box is not None
        return {**box, "bottom": box["y"] + box["height"], "right": box["x"] + box["width"]}

    def boxes(self, selector: str) -> list[dict[str, float]]:
        return list(self.page.locator(selector).evaluate_all(BOXES))

    def see(self, phase: str) -> None:
        """Wait until the page shows this phase."""
        self.page.wait_for_selector(f"#screen.{phase}")

    def speak(self, language: str) -> None:
        """In the bar where it has languages now; a small panel shows them only while it waits."""
        button = self.page.locator(f"[lang={language}].language")
        if button.count():
            button.click()
        else:
            self.terminal.kiosk.touch({"do": "language", "language": language})
        self.page.wait_for_selector(f"html[lang={language}]")

    def choose(self, name: str = "Dr Irina Orlova") -> None:
        self.page.locator(".person", has_text=name).click()
        self.see("selected")

    def to_question(self, name: str = "Dr Irina Orlova") -> None:
        self.choose(name)
        self.terminal.pass_time(0.8)
        self.see("question_1")
        self.settle()

    def settle(self) -> None:
        """The moment in which a trembling finger is not heard."""
        self.terminal.clock.move(0.6)

    def answer(self, number: int, then: str) -> None:
        self.page.locator(".answer").nth(number).click()
        self.terminal.until(then)
        self.see(then)
        self.settle()

    def to_form(self) -> None:
        self.to_question()
        self.answer(1, "question_2")
        self.answer(0, "contact")
        self.see("step-number")

    def type(self, text: str) -> None:
        for key in text:
            self.key(key)

    def key(self, key: str) -> None:
        self.page.locator(f'#keys [data-skbtn="{key}"]').click()

    def to_consent(self, phone: str = "612345678", comment: str = "") -> None:
        self.type(phone)
        self.key("{next}")
        self.see("step-comment")
        self.type(comment)
        self.key("{next}")
        self.see("step-consent")
        self.settle()

    def more_time(self) -> None:
        self.page.locator("#warning").click()
        self.page.wait_for_selector("#warning", state="hidden")

    def text(self) -> str:
        return self.page.locator("#title").inner_text()

    def style(self, selector: str, name: str) -> str:
        """As the browser computes it."""
        script = "(e, name) => getComputedStyle(e)[name]"
        return str(self.page.locator(selector).evaluate(script, name))

    def look(self, name: str) -> None:
        """Nothing may be cut off; a picture for somebody to judge, where pictures are wanted."""
        if "WELLHEARD_PICTURES" in os.environ:
            self._where.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=self._where / f"{name}.png")
        found = self.page.evaluate(CUT_OFF)
        assert found == [], (name, found)

    def small_letters_mm(self) -> float:
        return float(self.page.evaluate(SMALL_LETTERS_PX)) / self.mm

    def faults(self) -> list[str]:
        """What axe-core finds, in every rule that it has for WCAG up to 2.2 AA and the enhanced contrast."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        rules = {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}}
        options = {"rules": rules, **FAULTS_ALONE}
        found: dict[str, Any] = self.page.evaluate("(how) => axe.run(document, how)", options)
        return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]

    def until_waiting(self) -> None:
        eventually(lambda: self.terminal.view["phase"] == "waiting")
        self.see("waiting")
