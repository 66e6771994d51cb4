"""What a press means at its moment: the answer that is configured, whose shift it falls into, and the person in front
of the touch screen whose question it answers.

Decides that a doubtful press answers nothing on the screen, and that staff who try the buttons out are told apart.
"""

from contract.messages import Asked, ButtonPressed
from contract.messages.answers import OUT_OF_HOURS
from contract.surveys import MAY_WE_CALL
from edge.buttons.mapping import Panel, PanelMapping
from edge.buttons.presses import Pressed
from edge.clock import Clock
from edge.outbox import Draft, OnceStored
from edge.rota import Rota
from edge.screen.port import Questions
from edge.shutter import NO_NOTICE, Shutter


class Meanings:
    """Drafts of presses."""

    def __init__(
        self,
        mapping: PanelMapping,
        rota: Rota,
        clock: Clock,
        questions: Questions | None,
        shutter: Shutter | None,
    ) -> None:
        self._mapping = mapping
        self._rota = rota
        self._clock = clock
        self._questions = questions
        self._shutter = shutter

    def draft(self, press: Pressed) -> Draft:
        """The message of a press. One with a `visit` must be settled once its fate is known."""
        moment = self._clock.stamp(press.at_ns)
        panel = self._mapping.panel(press.panel)
        flags: set[str] = set(press.flags)
        if self._questions is not None and self._questions.heard(press.panel, press.button):
            flags.add("staff")
        fields: dict[str, object] = {
            "panel": press.panel,
            "button": press.button,
            "flags": sorted(flags),
        }
        if panel is not None:
            fields.update(_configured(panel, press.button))
            shift = self._rota.on_duty(panel.touchpoint, moment)
            if shift is not None:
                fields.update(shift=shift.shift, employee=shift.employee)
            if not flags - {OUT_OF_HOURS}:  # who leaves late goes on at the screen
                fields.update(self._on_screen(panel, press.button))
        once_stored = None if flags else self._photographed(fields)
        return Draft(ButtonPressed, moment, fields, once_stored=once_stored)

    def settle(self, drafts: list[Draft], *, stored: bool) -> None:
        """These presses are durable, or could not be stored."""
        for draft in drafts:
            if self._questions is not None and "visit" in draft.fields:
                self._questions.settle(draft.fields["visit"], stored=stored)

    def _on_screen(self, panel: Panel, button: int) -> dict[str, object]:
        """Whose question this button answers, when the screen is asking just that."""
        answer = panel.answers.get(button)
        if answer is None or self._questions is None:
            return {}
        claim = self._questions.claim(answer.survey, answer.question, answer.value)
        if claim is None:
            return {}
        about = {"employee": claim.employee, "shift": claim.shift} if claim.employee else {}
        return {"visit": claim.visit, **about}

    def _photographed(self, fields: dict[str, object]) -> OnceStored | None:
        """With an opinion; whether somebody may be called is none."""
        asked = fields.get("asked")
        if self._shutter is None or not isinstance(asked, Asked):
            return None
        if asked.question == MAY_WE_CALL.code:
            return None
        told = NO_NOTICE if self._questions is None else self._questions.may_photograph()
        return self._shutter.press(told)


def _configured(panel: Panel, button: int) -> dict[str, object]:
    answer = panel.answers.get(button)
    fields: dict[str, object] = {"touchpoint": panel.touchpoint}
    if answer is not None:
        fields["asked"] = Asked(survey=answer.survey, question=answer.question)
        fields["value"] = answer.value
    return fields
