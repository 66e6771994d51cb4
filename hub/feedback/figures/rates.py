"""Pure: how many answered, of those who could: at a terminal, among those served, and by SMS."""

from dataclasses import dataclass

from hub.feedback.figures.figure import Base, Figure, require_counts
from hub.feedback.figures.shares import rate


def terminal_response(answers: int, approached: int) -> Figure:
    """How many of the people who came up to the terminal answered, in percent."""
    require_counts(answers=answers, approached=approached)
    return rate(answers, approached, Base.APPROACHED, "terminal-response/1")


def participation(answers: int, served: int) -> Figure:
    """How many of the clients served answered, in percent."""
    require_counts(answers=answers, served=served)
    return rate(answers, served, Base.SERVED, "participation/1")


@dataclass(frozen=True, slots=True)
class SmsFunnel:
    """What became of the messages sent: each step of the one before it, and the response over all."""

    delivered: Figure
    replied: Figure
    accepted: Figure
    scored: Figure
    response: Figure


def sms_funnel(sent: int, delivered: int, replied: int, accepted: int, scored: int) -> SmsFunnel:
    """Percentages; the response is scored / delivered, for nobody can answer what never arrived."""
    require_counts(
        sent=sent, delivered=delivered, replied=replied, accepted=accepted, scored=scored
    )
    return SmsFunnel(
        delivered=rate(delivered, sent, Base.MESSAGES_SENT, "sms-delivered/1"),
        replied=rate(replied, delivered, Base.MESSAGES_DELIVERED, "sms-replied/1"),
        accepted=rate(accepted, replied, Base.REPLIES, "sms-accepted/1"),
        scored=rate(scored, accepted, Base.ACCEPTANCES, "sms-scored/1"),
        response=rate(scored, delivered, Base.MESSAGES_DELIVERED, "sms-response/1"),
    )
