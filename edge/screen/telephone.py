"""Whether what was typed can be a telephone number, and its international form. Decides nothing about calling it."""

import phonenumbers


def international(typed: str, country: str) -> str | None:
    """The number as +34…, or None when no such number can exist. `country` is meant where none is dialled."""
    try:
        number = phonenumbers.parse(typed, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
