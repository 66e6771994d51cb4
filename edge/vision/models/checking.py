"""Whether a file is the one that was expected, and the sentence that says what was found instead. Pure."""

import hashlib

_PAGES = (b"<!doctype html", b"<html", b"<?xml")


class NotAsExpected(Exception):
    """A file is not what it should be; the text names it, what was expected and what was found."""


def check(name: str, content: bytes, expected_sha256: str, expected_bytes: int) -> None:
    """Silent if the content has this digest, else NotAsExpected."""
    found = sha256_of(content)
    if found == expected_sha256:
        return
    raise NotAsExpected(
        f"{name} is refused: {expected_bytes} bytes with SHA-256 {expected_sha256} were expected, "
        f"found was {_described(content, expected_bytes)} with SHA-256 {found}."
    )


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _described(content: bytes, expected_bytes: int) -> str:
    if content.lstrip()[:16].lower().startswith(_PAGES):
        return f"a web page of {len(content)} bytes"
    if len(content) < expected_bytes:
        return f"a truncated file of {len(content)} bytes"
    return f"another file of {len(content)} bytes"
