"""The short code under which a patient sees what became of their complaint.

It follows from the visit, a random number that terminal and hub both know, so a terminal can show it while the hub is
away. 50 bits in Crockford's alphabet, which has no letters that look like digits; nobody guesses one.
"""

from hashlib import sha256

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
_BITS = 5
_LOOKS_LIKE = str.maketrans("OIL", "011")


def receipt_code(visit: str) -> str:
    """Two groups of five, such as `7K2QF-M0XPA`."""
    number = int.from_bytes(sha256(f"wellheard receipt {visit}".encode()).digest()[:8]) >> (
        64 - LENGTH * _BITS
    )
    signs = [ALPHABET[number >> _BITS * place & 31] for place in reversed(range(LENGTH))]
    return "".join(signs[:5]) + "-" + "".join(signs[5:])


def read_code(typed: str) -> str | None:
    """The code that somebody meant, whatever they made of small letters, blanks and O for 0; None if it is none."""
    signs = "".join(sign for sign in typed.upper().translate(_LOOKS_LIKE) if sign not in " -–—.\t")
    if len(signs) != LENGTH or any(sign not in ALPHABET for sign in signs):
        return None
    return f"{signs[:5]}-{signs[5:]}"
