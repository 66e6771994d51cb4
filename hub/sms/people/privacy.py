"""Patients of campaigns, for whoever answers a patient's request."""

import json

from hub.core.privacy.holders import Holder, SealedRows
from hub.core.texts import N_
from hub.sms.people.tables import SmsRespondent

NOBODY = json.dumps({"telephone": "", "name": ""}).encode()


def holders(days: int) -> list[Holder]:
    """That somebody took part stays, under a mark that names nobody, so that they are not asked twice."""
    table = SmsRespondent.__table__  # type: ignore[attr-defined]
    title = N_("Patients of SMS campaigns")
    return [SealedRows("sms_patients", title, days, table, "recipient", "created_ms", NOBODY)]
