"""The judge of campaigns finds what is wrong, and nothing else."""

from dataclasses import replace
from email.message import EmailMessage

from tests.system.campaign_judge import Found, Participation, judge
from tests.system.surveyed import patient

PATIENTS = [patient(number) for number in range(80)]


def _mail(alert: str, name: str) -> EmailMessage:
    mail = EmailMessage()
    mail["Message-ID"] = f"<{name}@clinic>"
    mail.set_content(f"https://hub.test/sms/alerts/{alert}\n")
    return mail


def _clean() -> Found:
    unhappy = [one for one in PATIENTS if one.score is not None and one.score <= 6]
    alerts = {f"{n:032x}": "detractor" for n, _ in enumerate(unhappy)}
    return Found(
        patients=PATIENTS,
        heard={one.telephone: one.expected() for one in PATIENTS},
        participations=[
            Participation(one.telephone, one.state.lower(), one.score) for one in PATIENTS
        ],
        scores=[one.score for one in PATIENTS if one.score is not None],
        alerts=alerts,
        mails=[_mail(alert, f"mail-{alert}") for alert in alerts],
        kills=1,
    )


def test_nothing_is_wrong() -> None:
    found = _clean()
    assert not judge(found).faults
    again = judge(replace(found, mails=[*found.mails, found.mails[0]]))
    assert (again.raw_twice, again.faults) == (1, [])


def test_everything_that_can_be_wrong_is_found() -> None:
    found = _clean()
    one = PATIENTS[0]
    wrong = [
        replace(found, heard={**found.heard, one.telephone: [one.expected()[0], *one.expected()]}),
        replace(found, heard={**found.heard, one.telephone: []}),
        replace(found, participations=found.participations[1:]),
        replace(found, participations=[*found.participations, found.participations[0]]),
        replace(found, scores=found.scores[1:]),
        replace(found, mails=found.mails[1:]),
        replace(found, mails=[*found.mails, _mail(next(iter(found.alerts)), "another")]),
        replace(found, mails=[found.mails[0]] * 2 + found.mails, kills=1),
        replace(found, alerts=dict(list(found.alerts.items())[1:])),
    ]
    assert all(judge(case).faults for case in wrong)
