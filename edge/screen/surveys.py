"""What this terminal asks, pure: the survey that the hub chose for its touchpoint, else the one in its settings.

Decides whether a survey has room on the panel, and that the clinic's own words stand before the standard ones. What
there is to be asked is agreed on in `contract.surveys`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from contract.documents import ScreenSurvey
from contract.surveys import SURVEYS, Mode, Survey, wording_keys
from contract.wording import STANDARD_CONSENT
from edge.screen.wording import Wording


@dataclass(frozen=True, slots=True)
class Asking:
    """A survey, its words in each language, and the version of the consent among them."""

    survey: Survey
    wordings: Mapping[str, Wording]
    consent: str


def fits(mode: Mode, *, small: bool) -> bool:
    """Whether all answers of a mode have room on the panel: five faces with words need more than 7 inches."""
    return not (small and mode == "smileys5")


def showable(mode: str | None, *, small: bool) -> Mode | None:
    """The mode of this name, if it is known and has room."""
    return next((one for one in SURVEYS if one == mode and fits(one, small=small)), None)


def own(mode: Mode, wordings: Mapping[str, Wording]) -> Asking:
    """What the terminal asks by itself."""
    return Asking(SURVEYS[mode], wordings, STANDARD_CONSENT)


def chosen(
    surveys: Sequence[ScreenSurvey],
    touchpoint: str,
    wordings: Mapping[str, Wording],
    *,
    small: bool,
) -> Asking | None:
    """What the hub has this touchpoint ask; None where it says nothing, or nothing that this terminal can show."""
    wish = next((one for one in surveys if touchpoint in one.touchpoints), None)
    mode = showable(wish.mode, small=small) if wish else None
    if wish is None or mode is None:
        return None
    survey = replace(SURVEYS[mode], code=wish.survey, version=wish.version)
    return Asking(survey, _worded(wish, wordings, wording_keys(mode)), wish.consent)


def _worded(
    wish: ScreenSurvey, wordings: Mapping[str, Wording], keys: Sequence[str]
) -> Mapping[str, Wording]:
    """A language that the clinic did not write keeps all of the standard words, and so a consent that was agreed on."""
    return {
        language: words.with_texts(
            {key: text for key in keys if (text := wish.texts.get(language, {}).get(key))}
        )
        for language, words in wordings.items()
    }
