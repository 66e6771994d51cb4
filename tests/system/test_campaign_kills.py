"""SIGKILL of the hub at random moments of a running campaign, Kannel and the mail server down in between.

Nobody is asked twice, nobody is left out, no mail is sent twice in effect, and no score is lost.
"""

from pathlib import Path

import pytest

from hub.sms import telephones
from tests.system.campaign_judge import Found, Participation, Verdict, judge
from tests.system.campaign_under_kills import CampaignUnderKills, schedule


def _kill(folder: Path, count: int, seed: int, *, rate: int, patience_s: float) -> Verdict:
    with CampaignUnderKills(folder, rate=rate, patience_s=patience_s) as campaign:
        campaign.endure(schedule(count, seed))
        verdict = judge(_found(campaign, count))
    print(f"seed {seed}, {count} kills: {verdict}")
    return verdict


def _found(campaign: CampaignUnderKills, kills: int) -> Found:
    patients, heard = campaign.crowd.patients, campaign.crowd.telephones
    by_fingerprint = {
        telephones.fingerprint(campaign.keys, "clinic", one.telephone): one.telephone
        for one in patients
    }
    rows = campaign.rows("SELECT recipient, state, score FROM sms_participation")
    return Found(
        patients=patients,
        heard={one.telephone: heard.of(one.telephone) for one in patients},
        participations=[Participation(by_fingerprint[row[0]], *row[1:]) for row in rows],
        scores=[int(row[0]) for row in campaign.rows("SELECT value FROM response")],
        alerts=dict(map(tuple, campaign.rows("SELECT id, kind FROM sms_alert"))),
        mails=campaign.mailbox.mails,
        kills=kills,
    )


def test_a_few_kills(tmp_path: Path) -> None:
    verdict = _kill(tmp_path, 5, seed=5, rate=100, patience_s=300)
    assert not verdict.faults, verdict


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_fifty_kills(tmp_path: Path) -> None:
    verdict = _kill(tmp_path, 50, seed=50, rate=1, patience_s=1800)
    assert not verdict.faults, verdict
