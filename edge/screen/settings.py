"""The section `[screen]` of `terminal.toml`."""

from dataclasses import replace
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from contract.messages.envelope import Code
from contract.surveys import Mode
from edge.screen.geometry import Glass, usual_glass
from edge.screen.languages import languages
from edge.screen.surveys import fits


class ScreenSettings(BaseModel):
    """The touch screen: which touchpoints it speaks for, what it asks, and how large its glass is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    touchpoints: Annotated[tuple[Code, ...], Field(min_length=1)]
    mode: Mode = "express"
    languages: Annotated[tuple[str, ...], Field(min_length=1)] = ("es", "ca", "ru", "en")
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "ES"
    """Whose telephone numbers are meant where no country is dialled."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8460
    width_px: Annotated[int, Field(ge=320)] = 1280
    height_px: Annotated[int, Field(ge=320)] = 800
    width_mm: Annotated[float, Field(gt=50)] | None = None
    height_mm: Annotated[float, Field(gt=50)] | None = None
    night: Annotated[str, Field(pattern=r"^[0-2]\d:[0-5]\d-[0-2]\d:[0-5]\d$")] | None = None
    """Local hours, such as 21:00-07:00, during which a screen that waits is dim."""
    brightness: Annotated[int, Field(ge=20, le=100)] = 100
    """Per cent, until staff change it at the screen."""
    question_s: Annotated[int, Field(ge=10, le=120)] = 20
    form_s: Annotated[int, Field(ge=30, le=600)] = 60
    thanks_s: Annotated[int, Field(ge=2, le=30)] = 4
    pin_hash: str | None = None
    """Of the staff's PIN; without one the terminal makes its own (`wellheard edge staff-pin`)."""

    @field_validator("languages")
    @classmethod
    def _has_texts(cls, chosen: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := set(chosen) - set(languages()):
            raise ValueError(f"there are no texts in {', '.join(sorted(unknown))}")
        return chosen

    @model_validator(mode="after")
    def _has_room(self) -> Self:
        if not fits(self.mode, small=self.glass.is_small):
            raise ValueError(f"this panel is too small for {self.mode}; smileys4 has room on it")
        return self

    @property
    def glass(self) -> Glass:
        """The panel's size; the usual one for its resolution where it was not measured."""
        usual = usual_glass(self.width_px, self.height_px)
        return replace(
            usual,
            width_mm=self.width_mm or usual.width_mm,
            height_mm=self.height_mm or usual.height_mm,
        )
