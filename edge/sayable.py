"""Words of others, such as a program's or a server's, as a message can hold them. Pure.

A message with a character that no text may have, or with too many, is not valid and would never be stored.
"""

import re

MOST = 500

_UNSAYABLE = re.compile(r"[^\n\t\x20-\x7e\xa0-\ud7ff\ue000-\uffff\U00010000-\U0010ffff]")


def sayable(text: str, most: int = MOST) -> str:
    """The same, cut to `most` characters; what is not printable is a question mark."""
    return _UNSAYABLE.sub("?", text[:most])
