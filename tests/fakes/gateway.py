"""A gateway for SMS that does as it is told, and remembers what it was given."""

from collections.abc import Callable

from hub.sms.gateways.port import Accepted, Doubt, Finding, Outgoing, Sent

Answer = Callable[[Outgoing], Sent]


class ObedientGateway:
    """Accepts everything unless `answer` says otherwise; `answer` may raise GatewayDown."""

    def __init__(self) -> None:
        self.given: list[Outgoing] = []
        self.answer: Answer = lambda message: Accepted(f"c-{message.id}")
        self.finding = Finding.CANNOT_TELL
        self.doubts: list[Doubt] = []
        self.closed = False

    def send(self, message: Outgoing) -> Sent:
        outcome = self.answer(message)
        self.given.append(message)
        return outcome

    def inquire(self, message: Outgoing, doubt: Doubt) -> tuple[Finding, str | None]:
        self.doubts.append(doubt)
        return self.finding, None

    def close(self) -> None:
        self.closed = True

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.given]
