"""Pure: a message typed with the wrong keyboard layout, or Russian typed in Latin letters, read as meant.

Offers readings; `reading.py` decides whether one makes more sense than what is written.
"""

import re

_KEYS_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_KEYS_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбюё"
_TO_RUSSIAN = str.maketrans(_KEYS_LATIN, _KEYS_RUSSIAN)
_TO_LATIN = str.maketrans(_KEYS_RUSSIAN, _KEYS_LATIN)

# Longest first. Vowels and signs that folding makes one need no care here.
_TRANSCRIPTION = (
    ("shch", "щ"), ("sch", "щ"), ("sh", "ш"), ("ch", "ч"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"),
    ("yu", "ю"), ("ju", "ю"), ("iu", "ю"), ("ya", "я"), ("ja", "я"), ("ia", "я"), ("yo", "е"),
    ("jo", "е"), ("ye", "е"), ("je", "е"), ("iy", "и"), ("yj", "и"), ("ij", "и"),
    *zip("abvgdezijklmnoprstufhcywxq", "абвгдезийклмнопрстуфхцывхк", strict=True),
    ("'", ""), ("4", "ч"), ("6", "ш"),
)  # fmt: skip
_LETTERS = dict(_TRANSCRIPTION)
_PIECES = re.compile("|".join(re.escape(latin) for latin, _ in _TRANSCRIPTION))


def on_russian_keys(text: str) -> str:
    """What the keys pressed give on a Russian keyboard: `lf` is да."""
    return text.lower().translate(_TO_RUSSIAN)


def on_latin_keys(text: str) -> str:
    """What the keys pressed give on a Latin keyboard: `ыещз` is stop."""
    return text.lower().translate(_TO_LATIN)


def transcribed(text: str) -> str:
    """Latin letters as the Russian ones they are commonly written for: `devyat` is девят(ь)."""
    return re.sub(
        r"[a-z']+",
        lambda word: _PIECES.sub(lambda piece: _LETTERS[piece.group()], word.group()),
        text.lower(),
    )
