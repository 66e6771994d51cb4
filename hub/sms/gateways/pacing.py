"""Pure: how fast a gateway is used, and how long it is left alone after failures.

The rate is a token bucket kept as one number, the moment until which the messages sent so far have used it up (the
generic cell rate algorithm): a bucket holds what a second brings, and at least one message.
"""

BUCKET_S = 1.0
FIRST_PAUSE_MS = 5_000
LONGEST_PAUSE_MS = 120_000

_SECOND_US = 1_000_000


def may_send(busy_until_us: int, per_second: float, now_ms: int) -> bool:
    """Whether the bucket holds a message."""
    ahead = (max(1.0, per_second * BUCKET_S) - 1) / per_second * _SECOND_US
    return busy_until_us <= now_ms * 1000 + ahead


def after_sending(busy_until_us: int, per_second: float, now_ms: int) -> int:
    """Until when the rate is used up once a message more has gone."""
    return max(busy_until_us, now_ms * 1000) + round(_SECOND_US / per_second)


def pause_ms(failures: int) -> int:
    """How long a gateway is left alone after so many failures in a row."""
    return min(FIRST_PAUSE_MS << min(failures - 1, 20), LONGEST_PAUSE_MS)
