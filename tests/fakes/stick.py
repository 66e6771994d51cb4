"""A bundle on a USB stick, by its names alone: for who copies it and does not look inside."""

import json
from pathlib import Path


def stick(folder: Path) -> Path:
    """A bundle by its names; what is in it is not looked at here."""
    made = folder / "stick"
    for name, text in (
        ("update.json", json.dumps({"channel": "stable", "release": "1.0"})),
        ("metadata/1.root.json", "{}"),
        ("metadata/timestamp.json", "{}"),
        ("targets/stable/aa.1.0.lock", "wellheard==1.0\n"),
        ("targets/stable/wheels/bb.wellheard-1.0-py3-none-any.whl", "wheel"),
    ):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(text)
    return made
