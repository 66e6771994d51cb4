"""A case from its opening to its end, on a real database."""

from pathlib import Path

import pytest
from sqlalchemy import text

from contract.messages import Asked
from hub.cases.calling import attempts
from hub.cases.calling.attempts import Outcome
from hub.cases.casework import assigning, cases, comments, listing, moving
from hub.cases.casework.attachments import Upload, attachments, content
from hub.cases.casework.comments import Audience
from hub.cases.casework.listing import Sought
from hub.cases.casework.moving import Labour, Move
from hub.cases.casework.person import Person
from hub.cases.casework.statuses import Status
from hub.cases.deadlines import running
from hub.cases.labour import entries
from hub.core.errors import BadInput, Conflict, Forbidden, NotFound
from hub.core.objects import ObjectFolder
from hub.core.scope import Scope
from hub.core.unit_of_work import Workplace
from tests.hub.cases.complaints import (
    AGENT,
    CHIEF,
    DOCTOR,
    ELSEWHERE,
    PHONE,
    QUALITY,
    VIEWER,
    WORDS,
    account,
    lead,
    move,
    opened,
)
from tests.hub.clinic import WHOLE, Clinic
from tests.hub.conftest import BOTH
from tests.hub.terminal import Terminal

RECOMMEND = Asked(survey="express", question="recommend")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360"
    "606060000000050001a5f645400000000049454e44ae426082"
)


@pytest.mark.parametrize("database_url", BOTH, indirect=True)
def test_an_unhappy_patient_with_a_number_is_a_case_at_once(
    clinic: Clinic, staffed: Workplace
) -> None:
    terminal = Terminal(clinic.clock)
    answer = terminal.answer(
        asked=RECOMMEND, value="no", employee="anna-north", touchpoint="reception-north"
    )
    wish = terminal.contact(comment=WORDS, language="es")
    clinic.inbox.store([answer, wish])
    clinic.inbox.store([answer, wish])
    with staffed.begin() as work:
        (case,) = listing.found(work, AGENT, Sought()).cases
        whole = cases.whole_case(work, AGENT, case.id)
    assert (case.source, case.status, case.value, case.employee) == (
        "terminal",
        "new",
        "no",
        "anna-north",
    )
    assert whole.person.words == WORDS
    assert PHONE not in repr(whole.person.phone)
    assert [chapter.kind for chapter in whole.story] == ["opened"]


def test_the_answer_may_come_after_the_wish(clinic: Clinic, staffed: Workplace) -> None:
    terminal = Terminal(clinic.clock)
    answer = terminal.answer(asked=RECOMMEND, value="no", employee="anna-north")
    clinic.inbox.store([terminal.contact()])
    clinic.inbox.store([answer])
    with staffed.read() as work:
        (case,) = listing.found(work, AGENT, Sought()).cases
    assert (case.value, case.employee) == ("no", "anna-north")


@pytest.mark.parametrize("database_url", BOTH, indirect=True)
def test_the_whole_way_with_its_labour_deadlines_and_calls(
    staffed: Workplace, clinic: Clinic
) -> None:
    case = opened(staffed)
    with staffed.read() as work:
        planned = attempts.attempts(work, AGENT, case)
        due = running.deadlines(work, AGENT, case)
    assert len(planned) == 6
    assert [d.kind for d in due] == ["first_call", "investigation"]
    clinic.clock.move(days=1)
    with staffed.begin() as work:
        attempts.log_call(work, AGENT, case, Outcome.REACHED)
        assigning.assign(work, CHIEF, case, account(AGENT), [account(QUALITY)])
    lead(staffed, AGENT, case, Status.CLOSED)
    with staffed.begin() as work:
        whole = cases.whole_case(work, AGENT, case)
        assert [a.outcome for a in attempts.attempts(work, AGENT, case)] == ["reached"]
        assert all(d.met_ms for d in running.deadlines(work, AGENT, case))
        assert sum(e.minutes for e in entries.entries(work, AGENT, case)) == 30
    assert whole.case.status is Status.CLOSED
    assert whole.helpers == (account(QUALITY),)
    assert whole.case.steps == ("called", "qualified", "assigned", "informed")


def test_nothing_is_closed_before_the_patient_was_informed(staffed: Workplace) -> None:
    case = opened(staffed)
    lead(staffed, AGENT, case, Status.ACTION_TAKEN)
    with pytest.raises(Conflict, match="informed"):
        move(staffed, AGENT, case, Status.CLOSED)


def test_no_change_without_labour_alone_or_in_bulk(staffed: Workplace) -> None:
    first, second = opened(staffed, 1), opened(staffed, 2)
    with pytest.raises(BadInput):
        move(staffed, AGENT, first, Status.CONTACTING, None)
    moves = [
        Move(first, Status.CONTACTING, Labour(3)),
        Move(second, Status.CONTACTING, Labour(None)),
    ]
    with pytest.raises(BadInput), staffed.begin() as work:
        moving.change_many(work, AGENT, moves)
    with staffed.read() as work:
        assert {c.status for c in listing.found(work, AGENT, Sought()).cases} == {Status.NEW}
        assert entries.entries(work, AGENT, first) == []


def test_a_merge_can_be_taken_back(staffed: Workplace) -> None:
    first, second = opened(staffed, 1), opened(staffed, 2)
    move(staffed, AGENT, second, Status.CONTACTING)
    with staffed.begin() as work:
        moving.merge(work, AGENT, second, first, Labour(1))
        assert cases.whole_case(work, AGENT, first).duplicates == (second,)
    with pytest.raises(Conflict), staffed.begin() as work:
        moving.merge(work, AGENT, first, second, Labour(1))
    with staffed.begin() as work:
        assert moving.part(work, AGENT, second, Labour(1)).status is Status.CONTACTING


def test_reopening_keeps_everything(staffed: Workplace) -> None:
    case = opened(staffed)
    lead(staffed, AGENT, case, Status.CLOSED)
    with staffed.begin() as work:
        before = cases.whole_case(work, AGENT, case).story
    move(staffed, AGENT, case, Status.INVESTIGATING)
    with staffed.begin() as work:
        after = cases.whole_case(work, AGENT, case)
        assert after.story[: len(before)] == before
        assert after.case.reopened == 1
        (running_again,) = [d for d in running.deadlines(work, AGENT, case) if d.met_ms is None]
    assert running_again.kind == "investigation"


def test_the_clock_stands_still_only_while_the_patient_is_waited_for(
    staffed: Workplace, clinic: Clinic
) -> None:
    case = opened(staffed)
    clinic.clock.move(days=1)
    with staffed.begin() as work:
        moving.wait_for_patient(work, AGENT, case, True)
        used = [d.used_ms for d in running.deadlines(work, AGENT, case)]
    clinic.clock.move(days=3)
    with staffed.read() as work:
        assert [d.used_ms for d in running.deadlines(work, AGENT, case)] == used
    move(staffed, AGENT, case, Status.CONTACTING)
    clinic.clock.move(days=1)
    with staffed.read() as work:
        assert [d.used_ms for d in running.deadlines(work, AGENT, case)] > used


def test_whoever_is_complained_about_neither_investigates_nor_sees_who_complained(
    staffed: Workplace,
) -> None:
    case = opened(staffed, employee="anna-north")
    with pytest.raises(Conflict, match="concerns"), staffed.begin() as work:
        assigning.assign(work, DOCTOR, case, account(DOCTOR))
    with pytest.raises(Conflict, match="concerns"), staffed.begin() as work:
        assigning.assign(work, CHIEF, case, account(AGENT), [account(DOCTOR)])
    with pytest.raises(Forbidden), staffed.begin() as work:
        cases.person_of(work, DOCTOR, case)
    with pytest.raises(Forbidden), staffed.begin() as work:
        attempts.log_call(work, DOCTOR, case, Outcome.NO_ANSWER)
    with staffed.begin() as work:
        seen = cases.whole_case(work, DOCTOR, case)
        offered = [p.candidate.account for p in assigning.suggestions(work, AGENT, case)]
    assert seen.hidden
    assert seen.person.phone == seen.person.words == ""
    assert offered[0] == account(AGENT)
    assert account(DOCTOR) not in offered


def test_reading_a_telephone_is_audited(staffed: Workplace) -> None:
    case = opened(staffed)
    with staffed.begin() as work:
        assert cases.person_of(work, AGENT, case).phone == PHONE
    with staffed.read() as work:
        told = work.connection.execute(
            text("SELECT action, actor, subject, detail FROM audit_entry ORDER BY number DESC")
        ).first()
    assert told is not None
    assert told[:3] == ("contact.read", AGENT.actor, f"case/{case}")


def test_words_lie_nowhere_in_the_clear(staffed: Workplace) -> None:
    opened(staffed)
    with staffed.read() as work:
        tables = ("patient_case", "case_event", "case_word", "audit_entry")
        dump = repr([work.connection.execute(text(f"SELECT * FROM {t}")).all() for t in tables])
    assert PHONE[3:] not in dump
    assert "lavabo" not in dump


@pytest.mark.parametrize("scope", [VIEWER, ELSEWHERE], ids=["viewer", "elsewhere"])
def test_others_change_nothing(staffed: Workplace, scope: Scope) -> None:
    case = opened(staffed)
    with pytest.raises((Forbidden, NotFound)):
        move(staffed, scope, case, Status.CONTACTING)
    with pytest.raises((Forbidden, NotFound)), staffed.begin() as work:
        cases.person_of(work, scope, case)


def test_comments_name_colleagues_carry_files_and_keep_what_was(
    staffed: Workplace, tmp_path: Path
) -> None:
    case, folder = opened(staffed), ObjectFolder(tmp_path / "attachments")
    with staffed.begin() as work:
        number = comments.comment(
            work, AGENT, case, "Ask @carla about it", Audience.INTERNAL,
            folder=folder, uploads=[Upload("../room.png", PNG)],
        )  # fmt: skip
        comments.edit(work, AGENT, case, number, "Ask @quim about it")
        assert comments.mentions_in(work, AGENT, "@carla, @nobody") == {account(CHIEF)}
        story = cases.whole_case(work, AGENT, case).story
        (file,) = attachments(work, AGENT, case)
        kind, read = content(work, AGENT, case, file.id, folder)
    assert [c.words for c in story if c.kind.startswith("comment")] == [
        "Ask @carla about it",
        "Ask @quim about it",
    ]
    assert (file.name, file.media_type, kind, read) == ("room.png", "image/png", "image/png", PNG)
    assert all(PNG not in path.read_bytes() for path in (tmp_path / "attachments").iterdir())
    with pytest.raises(Forbidden), staffed.begin() as work:
        comments.edit(work, CHIEF, case, number, "not mine")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("picture.png", b"<script>alert(1)</script>"),
        ("page.pdf", b"<html><body onload=alert(1)>"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
        ("half.png", PNG[:20]),
        ("program.pdf", b"MZ\x90\x00" + b"\0" * 200),
        ("empty.png", b""),
        ("large.png", PNG + b"\0" * (5 * 1024 * 1024)),
    ],
)  # fmt: skip
def test_files_are_what_their_content_is(
    staffed: Workplace, tmp_path: Path, name: str, data: bytes
) -> None:
    case, folder = opened(staffed), ObjectFolder(tmp_path / "attachments")
    with pytest.raises(BadInput) as refused, staffed.begin() as work:
        comments.comment(
            work, AGENT, case, "see", Audience.INTERNAL, folder=folder, uploads=[Upload(name, data)]
        )
    assert refused.value.field == "files"


@pytest.mark.parametrize("database_url", BOTH, indirect=True)
def test_cases_are_found_by_words_numbers_and_telephones(staffed: Workplace) -> None:
    toilet = opened(staffed, 1)
    other = opened(
        staffed,
        2,
        person=Person("+34611111111", words="Всё было грубо и долго"),
        language="ru",
    )

    def find(words: str) -> list[int]:
        with staffed.read() as work:
            return [c.id for c in listing.found(work, AGENT, Sought(text=words)).cases]

    assert find("lavabos sucios") == [toilet]
    assert find("LAVABO") == [toilet]
    assert find("грубый") == find("грубо") == [other]
    assert find("+34 611 111 111") == [other]
    assert find(f"#{toilet}") == [toilet]
    assert find("anna") == [other, toilet]
    assert find("anna lavabo") == [toilet]
    assert find("nothing of this") == []


@pytest.mark.parametrize("database_url", BOTH, indirect=True)
def test_filters_pages_and_counts(staffed: Workplace) -> None:
    numbers = [opened(staffed, n) for n in range(5)]
    opened(staffed, 9, "south")
    move(staffed, AGENT, numbers[0], Status.CONTACTING)
    with staffed.read() as work:
        first = listing.found(work, AGENT, Sought(), limit=2)
        second = listing.found(work, AGENT, Sought(), limit=9, before=first.cases[-1].id)
        assert [c.id for c in [*first.cases, *second.cases]] == numbers[::-1]
        assert (first.more, second.more) == (True, False)
        assert [
            c.id for c in listing.found(work, AGENT, Sought(statuses=(Status.CONTACTING,))).cases
        ] == numbers[:1]
        assert listing.found(work, AGENT, Sought(facility="south")).cases == []
        assert len(listing.found(work, AGENT, Sought(responsible=0, open_only=True)).cases) == 5
        assert listing.counts(work, AGENT) == {Status.NEW: 4, Status.CONTACTING: 1}
        assert sum(listing.counts(work, QUALITY).values()) == 6


def test_own_labels_and_saved_views(staffed: Workplace) -> None:
    case = opened(staffed)
    with staffed.begin() as work:
        listing.set_label(
            work, CHIEF, "north", "first-try", name="First try", status=Status.CONTACTING
        )
        labelled = Move(case, Status.CONTACTING, Labour(1), label="first-try")
        assert moving.change_status(work, AGENT, labelled).label == "first-try"
        view = listing.save_view(work, AGENT, 101, "Mine", "responsible=101")
        assert listing.views(work, AGENT, 101) == [(view, "Mine", "responsible=101")]
        assert listing.views(work, CHIEF, 104) == []
    with pytest.raises(BadInput), staffed.begin() as work:
        moving.change_status(
            work, AGENT, Move(case, Status.QUALIFIED, Labour(1), label="first-try")
        )
    with pytest.raises(NotFound), staffed.begin() as work:
        listing.delete_view(work, CHIEF, 104, view)


def test_a_timer_measures_labour(staffed: Workplace, clinic: Clinic) -> None:
    case = opened(staffed)
    with staffed.begin() as work:
        entries.start_timer(work, AGENT, case, "north", entries.Activity.CALLING)
    with pytest.raises(Conflict), staffed.begin() as work:
        entries.start_timer(work, AGENT, case, "north", entries.Activity.CALLING)
    clinic.clock.move(minutes=7.5)
    with staffed.begin() as work:
        assert entries.stop_timer(work, AGENT).minutes == 8
        assert [e.timed for e in entries.entries(work, WHOLE, case)] == [True]
