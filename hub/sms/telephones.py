"""How a telephone number is written and looked up. Nothing here says who may be sent what."""

import re

from hub.core.keys import Vault

_PUNCTUATION = re.compile(r"[\s().\-/]")
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_INTERNATIONAL = re.compile(r"(?:\+|00)?([1-9]\d{6,14})")


def international(written: str) -> str:
    """E.164 with the plus sign; what is no number with its country (a short or named sender) is left as it is."""
    bare = _PUNCTUATION.sub("", written)
    found = _INTERNATIONAL.fullmatch(bare)
    return f"+{found[1]}" if found else written.strip()


def is_number(written: str) -> bool:
    """Whether it is a number in E.164 with the plus sign."""
    return _E164.fullmatch(written) is not None


def fingerprint(vault: Vault, organisation: str, telephone: str) -> str:
    """What the rows of one telephone have in common within one organisation, and nobody else can tell."""
    return vault.fingerprint(f"{organisation}\n{international(telephone)}")
