"""Pure: in which time zone the owner of a telephone lives, as far as the number tells."""

from functools import cache
from zoneinfo import available_timezones

import phonenumbers
from phonenumbers import timezone as zones_of_numbers


class NoTelephone(ValueError):
    """A text that cannot be a telephone number which receives SMS."""


_NEVER_RECEIVES = {
    phonenumbers.PhoneNumberType.FIXED_LINE,
    phonenumbers.PhoneNumberType.TOLL_FREE,
    phonenumbers.PhoneNumberType.PREMIUM_RATE,
    phonenumbers.PhoneNumberType.SHARED_COST,
}


def mobile(written: str, region: str) -> str:
    """E.164 of a number that can receive SMS, written in any way usual in the region; NoTelephone for all else."""
    try:
        parsed = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException as error:
        raise NoTelephone from error
    if (
        not phonenumbers.is_valid_number(parsed)
        or phonenumbers.number_type(parsed) in _NEVER_RECEIVES
    ):
        raise NoTelephone
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def zone_of(telephone: str, facility_zone: str) -> str:
    """The zone of an E.164 number; of several that it may be in, the facility's if it is one of them."""
    parsed = phonenumbers.parse(telephone)
    zones = list(filter(is_zone, zones_of_numbers.time_zones_for_number(parsed)))
    if not zones or facility_zone in zones:
        return facility_zone
    return zones[0]


def is_zone(name: str) -> bool:
    """Whether there is such a time zone."""
    return name in _zones()


@cache
def _zones() -> frozenset[str]:
    """Once: they are read from many files."""
    return frozenset(available_timezones())
