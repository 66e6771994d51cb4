"""Counts by the month and of whole facilities, and what is believed of a month's clients; from what is stored already"""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

FIRST_DAY = date(1970, 1, 1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
AT_ONCE = 10_000
TRUST = ('hospital_system', 'ticket_queue', 'staff_button', 'people_counter', 'typed_in')

PLACE = ('organisation', 'facility')
ASKED = ('survey', 'question')
WHOM = ('touchpoint', 'employee')
NEAR = ('approaches', 'looked')
ANSWER = ('value', 'flagged')
SPANS = ('hour', 'day', 'month')


def upgrade() -> None:
    answer_month = _create('answer_month', [*PLACE, 'month', *ASKED, *WHOM, *ANSWER], ['count', 'days'])
    _create('facility_day', [*PLACE, 'day', *ASKED, *ANSWER], ['count'])
    _create('facility_hour', [*PLACE, 'hour', *ASKED, *ANSWER], ['count'])
    presence_day = _create('presence_day', [*PLACE, 'day', 'device'], NEAR)
    served_month = _create('served_month', [*PLACE, 'employee', 'touchpoint', 'month'], ['count', 'days', 'source'])
    for whom in WHOM:
        op.create_index(f'ix_answer_day_{whom}', 'answer_day', [*PLACE, whom, 'day'])
    _sum('facility_day', 'answer_day', [*PLACE, 'day', *ASKED, *ANSWER])
    _sum('facility_hour', 'answer_count', [*PLACE, 'hour', *ASKED, *ANSWER])
    _fill(answer_month, _months())
    _fill(presence_day, _presence())
    _fill(served_month, _served())


def _create(name, key, measures):
    def column(of):
        if of in SPANS or of in ('count', 'days', *NEAR):
            return sa.BigInteger()
        return sa.Boolean() if of == 'flagged' else sa.String()

    columns = [sa.Column(of, column(of), nullable=False) for of in (*key, *measures)]
    return op.create_table(name, *columns, sa.PrimaryKeyConstraint(*key), sqlite_with_rowid=False)


def _sum(into, source, key):
    names = ', '.join(key)
    op.execute(f'INSERT INTO {into} ({names}, count) SELECT {names}, sum(count) FROM {source} GROUP BY {names}')


def _months():
    key = (*PLACE, 'day', *ASKED, *WHOM, *ANSWER, 'count')
    found = defaultdict(lambda: [0, 0])
    for organisation, facility, day, *rest, count in _rows('answer_day', key):
        month, bit = _month(day)
        rest[-1] = bool(rest[-1])
        sums = found[(organisation, facility, month, *rest)]
        sums[0] += count
        sums[1] |= bit
    return found


def _presence():
    zones = {(organisation, facility): ZoneInfo(zone)
             for organisation, facility, zone in _rows('facility', ('organisation', 'id', 'time_zone'))}
    found = defaultdict(lambda: [0, 0])
    for organisation, facility, hour, device, *near in _rows('presence_count', (*PLACE, 'hour', 'device', *NEAR)):
        zone = zones.get((organisation, facility), ZoneInfo('UTC'))
        sums = found[(organisation, facility, _day(hour, zone), device)]
        sums[0] += near[0]
        sums[1] += near[1]
    return found


def _day(hour, zone):
    try:
        there = (EPOCH + timedelta(hours=hour)).astimezone(zone)
    except OverflowError:
        return hour // 24
    return (there.date() - FIRST_DAY).days


def _served():
    told = defaultdict(dict)
    for *whose, day, source, count in _rows('served', (*PLACE, *reversed(WHOM), 'day', 'source', 'count')):
        day = date.fromisoformat(str(day))
        told[tuple(whose), day][source] = count
    found = defaultdict(lambda: [0, 0, TRUST[0]])
    for (whose, day), words in told.items():
        best = min(words, key=TRUST.index)
        month, bit = _month((day - FIRST_DAY).days)
        sums = found[(*whose, month)]
        sums[0] += words[best]
        sums[1] |= bit
        sums[2] = max(sums[2], best, key=TRUST.index)
    return found


def _rows(table, columns):
    return op.get_bind().execute(sa.text(f"SELECT {', '.join(columns)} FROM {table}"))


def _month(day):
    try:
        there = FIRST_DAY + timedelta(days=day)
    except OverflowError:
        return day // 28, 1 << day % 28
    return (there.year - 1970) * 12 + there.month - 1, 1 << there.day - 1


def _fill(table, found):
    names = [column.name for column in table.c]
    rows = [dict(zip(names, (*key, *sums))) for key, sums in found.items()]
    for start in range(0, len(rows), AT_ONCE):
        op.bulk_insert(table, rows[start:start + AT_ONCE])


def downgrade() -> None:
    for whom in WHOM:
        op.drop_index(f'ix_answer_day_{whom}', 'answer_day')
    for name in ('served_month', 'presence_day', 'facility_hour', 'facility_day', 'answer_month'):
        op.drop_table(name)
