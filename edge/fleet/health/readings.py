"""Numbers out of the small text files of `/sys` and `/proc`. What is missing or makes no sense is None."""

from pathlib import Path


def read_text(path: Path) -> str | None:
    """A file's text without the white space around it."""
    try:
        return path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None


def read_number(path: Path, base: int = 10) -> int | None:
    """A file that holds one whole number; base 16 with or without 0x."""
    try:
        return int(read_text(path) or "", base)
    except ValueError:
        return None
