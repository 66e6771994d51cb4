"""What goes out, when, by which gateway, and never twice."""

import pytest

from hub.core.scope import Scope
from hub.core.unit_of_work import Workplace
from hub.sms.gateways import receiving, service
from hub.sms.gateways.clearance import Never, NotBefore
from hub.sms.gateways.dispatching import LEASE_MS
from hub.sms.gateways.doubts import ASK_AGAIN_MS, TELL_AFTER_MS
from hub.sms.gateways.pacing import FIRST_PAUSE_MS
from hub.sms.gateways.port import (
    Accepted,
    DeliveryReport,
    DeliveryState,
    Finding,
    GatewayDown,
    Outgoing,
    Refused,
    Sent,
    Unknown,
)
from hub.sms.gateways.progress import State
from tests.hub.sms.gateways.conftest import ANNA, BORIS, WHOLE, Post

HOUR_MS = 3_600_000


class Killed(BaseException):
    """The process ends here."""


def down(_message: Outgoing) -> Sent:
    raise GatewayDown("refused_connection")


def killed(_message: Outgoing) -> Sent:
    raise Killed


def unknown(_message: Outgoing) -> Sent:
    return Unknown("timeout")


def reported(post: Post, state: DeliveryState, **by: str) -> bool:
    with post.workplace.begin() as work:
        return receiving.report(work, DeliveryReport("clinic", "main", state, **by))


def cut_off(post: Post, text: str) -> str:
    """A message whose hub died while handing it over."""
    post.main.answer = killed
    message = post.put(text)
    with pytest.raises(Killed):
        post.dispatcher.step()
    post.main.answer = lambda one: Accepted(f"c-{one.id}")
    return message


def test_a_message_goes_out_once_and_is_followed_to_its_end(post: Post) -> None:
    message = post.put("Hola")
    post.work_off()
    post.work_off()
    assert [(one.recipient, one.text) for one in post.main.given] == [(ANNA, "Hola")]
    assert post.spare.given == []
    assert post.state("Hola") is State.ACCEPTED
    assert reported(post, DeliveryState.SUBMITTED, message=message)
    assert reported(post, DeliveryState.DELIVERED, carrier_id=f"c-{message}")
    assert reported(post, DeliveryState.SUBMITTED, message=message)  # late, and of no effect
    assert [event.state for event in post.changes] == ["accepted", "submitted", "delivered"]
    assert post.state("Hola") is State.DELIVERED


def test_what_is_not_due_stays(post: Post) -> None:
    post.put("Hola", not_before_ms=post.clock.now_ms() + HOUR_MS)
    post.work_off()
    assert post.main.given == []
    post.clock.move(hours=1)
    post.work_off()
    assert post.main.texts == ["Hola"]


def test_a_gateway_that_is_down_loses_nothing_and_no_place(post: Post) -> None:
    post.main.answer = post.spare.answer = down
    for text in ("uno", "dos", "tres"):
        post.put(text)
        post.clock.move(ms=1)
    post.put("otra", BORIS)
    post.work_off()
    assert post.state("uno") is State.WAITING
    post.main.answer = lambda one: Accepted(None)
    post.clock.move(ms=FIRST_PAUSE_MS)
    post.work_off()
    assert [m.text for m in post.main.given if m.recipient == ANNA] == ["uno", "dos", "tres"]
    assert [m.text for m in post.main.given if m.recipient == BORIS] == ["otra"]


def test_a_gateway_that_goes_down_is_not_tried_with_what_was_marked_together(post: Post) -> None:
    tried: list[Outgoing] = []

    def goes_down(message: Outgoing) -> Sent:
        tried.append(message)
        raise GatewayDown("refused_connection")

    post.main.answer = goes_down
    post.spare.answer = down
    post.put("uno")
    post.put("otra", BORIS)
    post.work_off()
    assert [m.text for m in tried] == ["uno"]
    assert post.state("uno") is post.state("otra") is State.WAITING


def test_another_gateway_stands_in_and_the_first_one_is_tried_again(post: Post) -> None:
    post.main.answer = down
    post.put("uno")
    post.work_off()
    assert post.spare.texts == ["uno"]
    post.put("dos", BORIS)
    post.work_off()  # the first is left alone meanwhile
    assert post.spare.texts == ["uno", "dos"]
    post.main.answer = lambda one: Accepted(None)
    post.clock.move(ms=FIRST_PAUSE_MS)
    post.put("tres", BORIS)
    post.work_off()
    assert post.main.texts == ["tres"]


def test_a_reply_goes_by_the_gateway_that_the_patient_wrote_by(post: Post) -> None:
    post.put("Gracias", via="spare")
    post.work_off()
    assert (post.main.texts, post.spare.texts) == ([], ["Gracias"])


def test_the_rate_is_kept(post: Post) -> None:
    for number in range(25):
        post.put(f"m{number}", f"+346000001{number:02}")
    post.work_off()
    assert len(post.main.given) == 10  # what a second brings, at once
    for tenth in range(1, 11):
        post.clock.move(ms=100)
        post.work_off()
        assert len(post.main.given) == 10 + tenth
    assert post.spare.given == []


def test_nothing_overtakes_what_is_being_sent_but_what_is_urgent(post: Post) -> None:
    post.main.answer = unknown
    post.put("uno")
    post.work_off()
    post.main.answer = lambda one: Accepted(None)
    post.put("dos")
    post.put("Llame al 112", urgent=True)
    post.put("hola", BORIS)
    post.work_off()
    assert post.main.texts == ["uno", "Llame al 112", "hola"]
    post.clock.move(ms=TELL_AFTER_MS)
    post.settle_doubts()  # a person has been told: the others need wait no longer
    post.work_off()
    assert post.main.texts == ["uno", "Llame al 112", "hola", "dos"]


def test_what_may_not_go_yet_is_held_and_lets_others_pass(post: Post) -> None:
    post.verdicts["invitation"] = NotBefore(post.clock.now_ms() + HOUR_MS)
    post.put("invitation")
    post.put("confirmation")
    post.work_off()
    assert post.main.texts == ["confirmation"]
    post.clock.move(hours=1)
    post.verdicts.clear()
    post.work_off()
    assert post.main.texts == ["confirmation", "invitation"]


def test_what_may_never_go_is_withheld(post: Post) -> None:
    post.verdicts["invitation"] = Never("opted_out")
    post.put("invitation")
    post.put("otra")
    post.work_off()
    assert post.main.texts == ["otra"]
    assert post.state("invitation") is State.WITHHELD


def test_a_refused_message_is_not_tried_again(post: Post) -> None:
    post.main.answer = lambda _one: Refused("no_such_number")
    post.put("Hola")
    post.work_off()
    post.clock.move(hours=1)
    post.work_off()
    assert post.main.texts == ["Hola"]
    assert post.spare.texts == []
    assert post.state("Hola") is State.REFUSED


def test_a_send_that_was_cut_off_is_settled_by_the_report_and_not_sent_again(post: Post) -> None:
    message = cut_off(post, "Hola")
    post.clock.move(ms=LEASE_MS - 1)
    post.settle_doubts()
    assert post.state("Hola") is State.SENDING
    post.clock.move(ms=1)
    post.settle_doubts()
    assert post.state("Hola") is State.UNKNOWN
    assert reported(post, DeliveryState.DELIVERED, message=message)
    post.clock.move(hours=1)
    post.settle_doubts()
    post.work_off()
    assert post.state("Hola") is State.DELIVERED
    assert post.main.given == []
    assert post.unresolved == []


def test_a_report_that_names_only_the_telephone_settles_the_one_in_doubt(post: Post) -> None:
    cut_off(post, "Hola")
    post.clock.move(ms=LEASE_MS)
    post.settle_doubts()
    assert not reported(post, DeliveryState.DELIVERED, carrier_id="x", recipient=BORIS)
    assert reported(post, DeliveryState.DELIVERED, carrier_id="x", recipient=ANNA)
    assert post.state("Hola") is State.DELIVERED


def test_without_a_report_a_person_is_told_once_and_decides(post: Post) -> None:
    message = cut_off(post, "Hola")
    post.clock.move(ms=LEASE_MS)
    for _ in range(TELL_AFTER_MS // ASK_AGAIN_MS + 5):
        post.settle_doubts()
        post.work_off()
        post.clock.move(ms=ASK_AGAIN_MS)
    assert [event.message for event in post.unresolved] == [message]
    assert post.main.given == []
    with post.workplace.begin() as work:
        assert not service.settle(work, Scope("other"), message, send=True)
        assert service.settle(work, WHOLE, message, send=True)
        assert not service.settle(work, WHOLE, message, send=True)
    post.work_off()
    assert post.main.texts == ["Hola"]


def test_only_a_gateway_that_never_had_it_lets_it_wait_anew(post: Post) -> None:
    cut_off(post, "Hola")
    post.clock.move(ms=LEASE_MS)
    post.main.finding = Finding.ABSENT
    post.settle_doubts()
    post.work_off()
    assert post.main.texts == ["Hola"]
    assert post.state("Hola") is State.ACCEPTED


def test_a_gateway_that_has_it_ends_the_doubt(post: Post) -> None:
    cut_off(post, "Hola")
    post.clock.move(ms=LEASE_MS)
    post.main.finding = Finding.THERE
    post.settle_doubts()
    post.work_off()
    assert post.main.given == []
    assert post.state("Hola") is State.ACCEPTED


def test_a_gateway_learns_whether_reports_on_later_messages_arrive(post: Post) -> None:
    cut_off(post, "Hola")
    post.clock.move(ms=LEASE_MS)
    post.settle_doubts()
    later = post.put("otra", BORIS)
    post.work_off()
    reported(post, DeliveryState.SUBMITTED, message=later)
    post.clock.move(ms=ASK_AGAIN_MS)
    post.settle_doubts()
    assert [doubt.later_reported for doubt in post.main.doubts] == [False, True]


def test_a_report_is_of_effect_only_in_its_own_organisation(post: Post) -> None:
    message = post.put("Hola")
    post.work_off()
    with post.workplace.begin() as work:
        assert not receiving.report(
            work, DeliveryReport("other", "main", DeliveryState.FAILED, message=message)
        )
    assert post.state("Hola") is State.ACCEPTED


def test_a_report_may_be_faster_than_the_note(post: Post, workplace: Workplace) -> None:
    def accept_after_report(message: Outgoing) -> Sent:
        assert reported(post, DeliveryState.DELIVERED, message=message.id)
        return Accepted("c1")

    post.main.answer = accept_after_report
    post.put("Hola")
    post.work_off()
    assert post.state("Hola") is State.DELIVERED
