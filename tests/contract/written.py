"""Hypothesis: every message and document that the contract allows, as the models themselves."""

import string
from typing import Any

from hypothesis import strategies as st

from contract.documents import (
    Confirmation,
    DesiredConfiguration,
    DeviceState,
    Employee,
    HubAnnounced,
    OpenHours,
    PhotographConfiguration,
    ReportedConfiguration,
    RotaShift,
    ScreenConfiguration,
    ScreenSurvey,
)
from contract.jobs import OpenJobs
from contract.messages import (
    Asked,
    ButtonPressed,
    ContactLeft,
    DeviceBorn,
    HealthReported,
    JobReported,
    Message,
    MessagesDropped,
    Part,
    PhotoTaken,
    PresenceCounted,
    PressesFlagged,
    Range,
    Reference,
    SelfTested,
    SmilesCounted,
    SmsArrived,
    SmsReported,
    Stamp,
    SurveyAnswered,
)
from contract.messages.envelope import MAX_INT
from contract.messages.observations import LEAST_PEOPLE
from contract.sms import SmsCommand
from contract.topics import DeviceAddress

LOWER = string.ascii_lowercase + string.digits
ALNUM = string.ascii_letters + string.digits

identifiers = st.builds(
    str.__add__, st.sampled_from(LOWER), st.text(alphabet=LOWER + "-", max_size=62)
)
codes = st.builds(
    str.__add__, st.sampled_from(ALNUM), st.text(alphabet=ALNUM + "_.:-", max_size=63)
)
naturals = st.integers(0, MAX_INT)
positives = st.integers(1, MAX_INT)
uuids = st.uuids().map(str)
digests = st.text(alphabet="0123456789abcdef", min_size=64, max_size=64)
languages = st.text(alphabet=string.ascii_lowercase, min_size=2, max_size=3)
addresses = st.builds(DeviceAddress, identifiers, identifiers, identifiers)


def texts(most: int) -> st.SearchStrategy[str]:
    """Anything that can be written down, but no NUL."""
    return st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=most)


def _or_none(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


values = st.integers(-1000, 1000) | codes
stamps = st.builds(
    Stamp,
    wall_ms=st.integers(-MAX_INT, MAX_INT),
    boot_id=uuids,
    uptime_ms=naturals,
    synchronised=st.booleans(),
)
asked = st.builds(Asked, survey=codes, question=codes, survey_version=positives)
references = st.builds(Reference, epoch=naturals, sequence=positives)
ranges = st.builds(Range, first=positives, last=positives)
place = {
    "touchpoint": _or_none(codes),
    "shift": _or_none(codes),
    "employee": _or_none(codes),
    "flags": st.lists(codes, max_size=16),
}

_FIELDS: dict[type[Message], dict[str, st.SearchStrategy[Any]]] = {
    ButtonPressed: {
        "panel": codes,
        "button": st.integers(1, 1024),
        "asked": _or_none(asked),
        "value": _or_none(values),
        "visit": _or_none(uuids),
        **place,
    },
    PressesFlagged: {"presses": st.lists(references, min_size=1, max_size=5), "flag": codes},
    SurveyAnswered: {
        "visit": uuids,
        "asked": asked,
        "value": values,
        "language": _or_none(languages),
        **place,
    },
    ContactLeft: {
        "visit": uuids,
        "phone": st.integers(1_000_000, 10**15 - 1).map(lambda digits: f"+{digits}"),
        "comment": texts(200),
        "consent": codes,
        "consent_text": texts(200),
        "language": _or_none(languages),
    },
    PresenceCounted: {
        "seconds": st.integers(1, 86_400),
        "approaches": naturals,
        "looked": naturals,
        "dwell_ms": naturals,
        "looked_ms": naturals,
        "touchpoint": _or_none(codes),
    },
    SmilesCounted: {
        "seconds": st.integers(1, 3600),
        "service": st.sampled_from(["before", "after"]),
        "people": st.integers(LEAST_PEOPLE, 1_000_000),
        "smiling": st.integers(0, LEAST_PEOPLE),
        "confidence": st.floats(0, 1),
        "touchpoint": _or_none(codes),
    },
    PhotoTaken: {
        "answer": references,
        "media_type": st.sampled_from(["image/jpeg", "image/png", "image/webp"]),
        "sha256": digests,
        "key": _or_none(codes),
    },
    HealthReported: {
        "check": codes,
        "status": st.sampled_from(["ok", "warning", "failure"]),
        "value": _or_none(
            st.integers(-MAX_INT, MAX_INT) | st.floats(allow_nan=False, allow_infinity=False)
        ),
        "unit": _or_none(texts(16)),
        "detail": texts(200),
        "reason": _or_none(codes),
    },
    DeviceBorn: {
        "instance": codes,
        "software": texts(64),
        "hardware": texts(200),
        "outbox": st.sampled_from(["kept", "new", "quarantined"]),
    },
    SmsArrived: {
        "carrier_id": codes,
        "sender": texts(64).filter(bool),
        "text": texts(200),
        "reference": _or_none(codes),
        "part": _or_none(positives),
        "total": _or_none(positives),
    },
    SmsReported: {
        "message": codes,
        "state": st.sampled_from(["taken", "sent", "delivered", "failed"]),
        "reason": _or_none(codes),
    },
    JobReported: {
        "job": codes,
        "outcome": st.sampled_from(["waiting", "running", "done", "failed", "rejected"]),
        "step": codes,
        "reason": texts(200),
        "release": _or_none(codes),
    },
    SelfTested: {"release": codes},
    MessagesDropped: {
        "dropped_epoch": naturals,
        "ranges": st.lists(ranges, min_size=1, max_size=5),
        "counts": st.dictionaries(codes, positives, max_size=5),
    },
}


def messages_of(kind: type[Message]) -> st.SearchStrategy[Message]:
    """Messages of one type; KeyError reminds whoever adds a type to say here what it may hold."""
    envelope = {"device": identifiers, "epoch": naturals, "sequence": positives, "time": stamps}
    return st.builds(kind, **envelope, **_FIELDS[kind])


documents: dict[type[Part], st.SearchStrategy[Any]] = {
    SmsCommand: st.builds(
        SmsCommand,
        id=codes,
        sealed=st.text(alphabet=ALNUM + "_=-", min_size=1, max_size=500),
    ),
    DeviceState: st.builds(
        DeviceState,
        online=st.booleans(),
        instance=codes,
        epoch=naturals,
        highest=naturals,
        pending=naturals,
        refused=naturals,
        software=texts(64),
        time=_or_none(stamps),
    ),
    Confirmation: st.builds(
        Confirmation,
        epoch=naturals,
        up_to=naturals,
        also=st.lists(ranges, max_size=5),
        stopped=st.sampled_from([None, "fork"]),
    ),
    DesiredConfiguration: st.builds(
        DesiredConfiguration,
        version=naturals,
        rota=st.lists(
            st.builds(
                RotaShift,
                shift=codes,
                touchpoint=codes,
                employee=codes,
                starts_ms=naturals,
                ends_ms=naturals,
            ),
            max_size=3,
        ),
        employees=st.lists(
            st.builds(
                Employee,
                employee=codes,
                name=texts(120).filter(bool),
                speciality=texts(120),
                specialities=st.dictionaries(languages, texts(120), max_size=2),
                languages=st.lists(languages, max_size=2),
                photo=_or_none(digests),
            ),
            max_size=2,
        ),
        screen=_or_none(
            st.builds(
                ScreenConfiguration,
                mode=_or_none(codes),
                touchpoints=st.lists(codes, max_size=2),
                languages=st.lists(languages, max_size=2),
                pin_hash=_or_none(texts(200)),
                surveys=st.lists(
                    st.builds(
                        ScreenSurvey,
                        survey=codes,
                        version=positives,
                        mode=codes,
                        touchpoints=st.lists(codes, max_size=2),
                        texts=st.dictionaries(
                            languages, st.dictionaries(codes, texts(200), max_size=2), max_size=2
                        ),
                        consent=codes,
                    ),
                    max_size=2,
                ),
            )
        ),
        hours=_or_none(
            st.lists(st.builds(OpenHours, opens_ms=naturals, closes_ms=naturals), max_size=3)
        ),
        hours_until_ms=_or_none(naturals),
        photographs=_or_none(
            st.builds(
                PhotographConfiguration,
                policy=codes,
                key=_or_none(digests),
            )
        ),
    ),
    ReportedConfiguration: st.builds(ReportedConfiguration, version=naturals),
    OpenJobs: st.builds(
        OpenJobs,
        version=naturals,
        jobs=st.lists(st.dictionaries(codes, st.booleans() | naturals | texts(20)), max_size=3),
    ),
    HubAnnounced: st.builds(HubAnnounced, online=st.booleans(), instance=codes),
}
