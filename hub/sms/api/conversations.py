"""The REST resource of conversations: who talks about what, what was written, and answering as a person."""

from fastapi import Depends

from hub.core.http_routes import Router
from hub.core.paging import BeforeNumber, Limit
from hub.core.permissions import Permission
from hub.core.unit_of_work import Workplace
from hub.identity.access import Access
from hub.identity.views import Visitor
from hub.sms import staff
from hub.sms.api.models import (
    Answer,
    AppointmentReminder,
    CampaignWanted,
    ConversationId,
    Stopped,
)
from hub.sms.conversations import reading
from hub.sms.conversations.reading import Conversation, Message, Show


def api(workplace: Workplace, access: Access) -> Router:
    """The list is for whoever may see answers; the words are for fewer, and reading them is audited."""
    router = Router(prefix="/api/sms", tags=["conversations by SMS"])
    sees = Depends(access.may(Permission.SEE_ANSWERS))
    reads = Depends(access.may(Permission.SEE_TELEPHONES))
    answers = Depends(access.may(Permission.HANDLE_CASES))

    @router.get("/conversations")
    def conversations(
        visitor: Visitor = sees,
        limit: Limit = 50,
        before: BeforeNumber = None,
        campaign: CampaignWanted = None,
        show: Show = Show.ALL,
    ) -> list[Conversation]:
        """The newest first; telephones are masked."""
        with workplace.read() as work:
            return reading.listed(
                work, visitor.scope, campaign=campaign, show=show, before=before, limit=limit
            )

    @router.get("/conversations/{conversation}/messages")
    def messages(conversation: ConversationId, visitor: Visitor = reads) -> list[Message]:
        """The oldest first."""
        with workplace.begin() as work:
            return reading.messages(work, visitor.scope, conversation)

    @router.post("/conversations/{conversation}/messages", status_code=202)
    def write(
        conversation: ConversationId, given: Answer, visitor: Visitor = answers
    ) -> Conversation:
        """Answer the patient; the conversation says nothing more by itself until it is handed back."""
        with workplace.begin() as work:
            reading.write_to(work, visitor.scope, conversation, given.text)
            return reading.get(work, visitor.scope, conversation)

    @router.post("/conversations/{conversation}/hand-back")
    def hand_back(conversation: ConversationId, visitor: Visitor = answers) -> Conversation:
        """The person has done; the survey goes on."""
        with workplace.begin() as work:
            return reading.hand_back(work, visitor.scope, conversation)

    @router.post("/appointments", status_code=202)
    def reminded(given: AppointmentReminder, visitor: Visitor = answers) -> None:
        """The clinic's own system has reminded a patient by the same number: replies are routed to it."""
        with workplace.begin() as work:
            staff.await_appointment(
                work,
                visitor.scope,
                given.facility,
                given.telephone,
                language=given.language,
                reference=given.reference,
                until_ms=given.until_ms,
            )

    @router.post("/opt-outs", status_code=204)
    def opt_out(given: Stopped, visitor: Visitor = answers) -> None:
        """A patient has said so by other ways."""
        with workplace.begin() as work:
            place = (visitor.scope, given.facility)
            staff.note_wish(work, *place, given.telephone, stopped=given.stopped)

    return router
