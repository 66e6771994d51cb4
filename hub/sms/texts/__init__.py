"""The default words of every message, a file a language; a campaign may have its own.

`{number}` is the score in question, `{emergency}` the emergency number, `{facility}` who asks.
"""

import tomllib
from importlib import resources

from hub.sms.engine.templates import Template


def default_texts(language: str) -> dict[Template, str]:
    """The words of every message in one language; KeyError names a message that has none."""
    file = resources.files(__name__).joinpath(f"{language}.toml")
    written = tomllib.loads(file.read_text("utf-8"))
    return {template: written[template.value] for template in Template}
