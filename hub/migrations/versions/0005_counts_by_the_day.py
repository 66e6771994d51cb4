"""Counts by the day of the facility's calendar, beginning with what is stored already"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def upgrade() -> None:
    answer_day = op.create_table('answer_day',
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('day', sa.BigInteger(), nullable=False),
    sa.Column('survey', sa.String(), nullable=False),
    sa.Column('question', sa.String(), nullable=False),
    sa.Column('touchpoint', sa.String(), nullable=False),
    sa.Column('employee', sa.String(), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.Column('flagged', sa.Boolean(), nullable=False),
    sa.Column('count', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint(
        'organisation', 'facility', 'day', 'survey', 'question', 'touchpoint', 'employee', 'value', 'flagged'
    ),
    sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    zones = {
        (organisation, facility): ZoneInfo(zone)
        for organisation, facility, zone in connection.execute(
            sa.text("SELECT organisation, id, time_zone FROM facility")
        )
    }
    names = [column.name for column in answer_day.c]
    hours = ", ".join(names).replace("day", "hour")
    counts = Counter()
    for organisation, facility, hour, *rest, count in connection.execute(
        sa.text(f"SELECT {hours} FROM answer_count")
    ):
        day = _day(hour, zones.get((organisation, facility), ZoneInfo("UTC")))
        rest[-1] = bool(rest[-1])
        counts[organisation, facility, day, *rest] += count
    if counts:
        op.bulk_insert(
            answer_day, [dict(zip(names, (*key, n), strict=True)) for key, n in counts.items()]
        )


def _day(hour, zone):
    try:
        there = (EPOCH + timedelta(hours=hour)).astimezone(zone)
    except OverflowError:
        return hour // 24
    return (there.date() - EPOCH.date()).days


def downgrade() -> None:
    op.drop_table('answer_day')
