"""The judge of a campaign: compares what reached telephones and the mailbox with what the hub has stored."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage

from tests.system.surveyed import Patient


@dataclass(frozen=True, slots=True)
class Participation:
    """A stored one, of the patient with this telephone."""

    telephone: str
    state: str
    score: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """What there is when everything has come to rest."""

    patients: Sequence[Patient]
    heard: Mapping[str, Sequence[str]]
    participations: Sequence[Participation]
    scores: Sequence[int]
    """Of the answers that figures are made of."""
    alerts: Mapping[str, str]
    """By id; of which kind."""
    mails: Sequence[EmailMessage]
    kills: int


@dataclass(slots=True)
class Verdict:
    """`raw_twice`: mails that the server got again with the same Message-ID, after a kill between its 250 and our
    commit; a receiver has them once."""

    patients: int = 0
    messages: int = 0
    mails: int = 0
    raw_twice: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = f"{self.patients} patients, {self.messages} messages, {self.mails} mails"
        return "\n".join([f"{counts}, {self.raw_twice} again", *self.faults[:10]])


def judge(found: Found) -> Verdict:
    """Everybody asked once and heard to the end, every score stored once, every alert mailed once."""
    verdict = Verdict(len(found.patients), sum(map(len, found.heard.values())))
    for one in found.patients:
        verdict.faults += _faults_of(one, found)
    if len(found.participations) != len(found.patients):
        verdict.faults.append(f"{len(found.participations)} participations")
    given = Counter(one.score for one in found.patients if one.score is not None)
    if Counter(found.scores) != given:
        verdict.faults.append(f"answers differ: {Counter(found.scores)} for {given}")
    _judge_mails(found, verdict)
    return verdict


def _faults_of(one: Patient, found: Found) -> list[str]:
    faults = []
    heard, expected = list(found.heard.get(one.telephone, ())), one.expected()
    if heard != expected:
        faults.append(f"{one.telephone} got {len(heard)} of {len(expected)}: {heard}")
    mine = [(p.state, p.score) for p in found.participations if p.telephone == one.telephone]
    if mine != [(one.state.lower(), one.score)]:
        faults.append(f"{one.telephone} is stored as {mine} instead of {one.state}, {one.score}")
    return faults


def _judge_mails(found: Found, verdict: Verdict) -> None:
    copies: dict[str, list[EmailMessage]] = defaultdict(list)
    for mail in found.mails:
        copies[mail["Message-ID"]].append(mail)
    verdict.mails, verdict.raw_twice = len(copies), len(found.mails) - len(copies)
    if verdict.raw_twice > found.kills:
        verdict.faults.append(f"{verdict.raw_twice} mails again, more than there were kills")
    for name, same in copies.items():
        if len({mail.as_bytes() for mail in same}) > 1:
            verdict.faults.append(f"different mails are called {name}")
    texts = [same[0].get_content() for same in copies.values()]
    for alert, kind in found.alerts.items():
        times = sum(alert in content for content in texts)
        if times != 1:
            verdict.faults.append(f"{times} mails of an alert ({kind})")
    unhappy = sum(one.score is not None and one.score <= 6 for one in found.patients)
    if Counter(found.alerts.values())["detractor"] != unhappy:
        verdict.faults.append(f"{Counter(found.alerts.values())} alerts for {unhappy} unhappy")
