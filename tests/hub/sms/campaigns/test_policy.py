"""When an invitation is due after what happened, and from when on it comes too late."""

from datetime import datetime
from zoneinfo import ZoneInfo

from hub.sms.campaigns.policy import Policy, Trigger, due_ms, latest_ms

MADRID = ZoneInfo("Europe/Madrid")
DAY_MS = 86_400_000


def ms(written: str) -> int:
    return int(datetime.fromisoformat(written).replace(tzinfo=MADRID).timestamp() * 1000)


def test_after_a_visit_or_a_discharge_the_delay_counts() -> None:
    for trigger in (Trigger.VISIT_ENDED, Trigger.DISCHARGE):
        due = due_ms(trigger, Policy(delay_minutes=90), ms("2026-03-06 12:00"), MADRID)
        assert due == ms("2026-03-06 13:30")
        assert (
            latest_ms(trigger, Policy(), ms("2026-03-06 12:00"), due)
            == ms("2026-03-06 12:00") + 42 * DAY_MS
        )


def test_a_day_of_treatment_is_at_the_same_hour_of_the_wall_clock() -> None:
    due = due_ms(Trigger.TREATMENT_DAY, Policy(treatment_day=3), ms("2026-03-27 12:00"), MADRID)
    assert due == ms("2026-03-29 12:00")
    assert due - ms("2026-03-27 12:00") == 2 * DAY_MS - 3_600_000  # the clocks were put forward
    assert latest_ms(Trigger.TREATMENT_DAY, Policy(), 0, due) == due + 42 * DAY_MS


def test_by_hand_is_now() -> None:
    assert due_ms(Trigger.BY_HAND, Policy(), 5, MADRID) == 5
