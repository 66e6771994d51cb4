"""The languages that there are texts for: the files of `texts/`, one a language, all with the same keys.

They say what belongs to the screen itself; the words of the surveys are in `contract.wording`.
"""

import tomllib
from pathlib import Path
from typing import Any

from contract.wording import STANDARD
from edge.screen.wording import Wording

TEXTS = Path(__file__).parent / "texts"


def languages() -> tuple[str, ...]:
    """The languages there are texts for."""
    return tuple(sorted(path.stem for path in TEXTS.glob("*.toml")))


def read_wording(language: str) -> Wording:
    """The texts of a language; OSError when there are none."""
    document: dict[str, Any] = tomllib.loads((TEXTS / f"{language}.toml").read_text("utf-8"))
    name, keys, more = document.pop("name"), tuple(document.pop("keys")), document.pop("more")
    own = {
        f"{section}.{key}": text
        for section, texts in document.items()
        for key, text in texts.items()
    }
    return Wording(language, name, keys, more, {**STANDARD[language], **own})
