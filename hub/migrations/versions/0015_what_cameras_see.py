"""People near terminals, by touchpoint and with how long the camera saw, counted anew; and smiles"""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

FIRST_DAY = date(1970, 1, 1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
AT_ONCE = 10_000

PLACE = ('organisation', 'facility')
BEFORE = ('approaches', 'looked')
SUMS = ('approaches', 'looked', 'dwell_ms', 'looked_ms', 'seconds')


def upgrade() -> None:
    op.add_column('presence', sa.Column('touchpoint', sa.String(), nullable=True))
    op.add_column('presence', sa.Column('looked_ms', sa.BigInteger(), nullable=False, server_default='0'))
    op.create_index('ix_presence_place_time', 'presence', [*PLACE, 'occurred_ms'])
    op.execute('UPDATE presence SET touchpoint = (SELECT touchpoint FROM device WHERE device.id = presence.device)')
    _count_anew(['device', 'touchpoint'], SUMS, "device, coalesce(touchpoint, '')", 1)
    _create_smiles()


def _create_smiles():
    whole = [sa.Column(name, sa.BigInteger(), nullable=False) for name in ('epoch', 'sequence')]
    op.create_table('smiles',
    sa.Column('device', sa.String(), nullable=False),
    *whole,
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('touchpoint', sa.String(), nullable=True),
    sa.Column('service', sa.String(), nullable=False),
    sa.Column('seconds', sa.Integer(), nullable=False),
    sa.Column('people', sa.BigInteger(), nullable=False),
    sa.Column('smiling', sa.BigInteger(), nullable=False),
    sa.Column('confidence', sa.Float(), nullable=False),
    sa.Column('wall_ms', sa.BigInteger(), nullable=False),
    sa.Column('boot_id', sa.String(), nullable=False),
    sa.Column('uptime_ms', sa.BigInteger(), nullable=False),
    sa.Column('occurred_ms', sa.BigInteger(), nullable=False),
    sa.Column('time_source', sa.String(), nullable=False),
    sa.Column('received_ms', sa.BigInteger(), nullable=False),
    sa.Column('extra', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('device', 'epoch', 'sequence'),
    sa.CheckConstraint('people >= 10', name='ck_smiles_of_many'),
    )
    op.create_index('ix_smiles_place_time', 'smiles', [*PLACE, 'occurred_ms'])


def _count_anew(whose, sums, told, lag_ms):
    """Both tables of counts, from what is stored of each span."""
    op.drop_table('presence_day')
    op.drop_table('presence_count')
    by_hour = _create('presence_count', 'hour', whose, sums)
    by_day = _create('presence_day', 'day', whose, sums)
    hour = f'(occurred_ms - {lag_ms}) / 3600000 - CASE WHEN (occurred_ms - {lag_ms}) % 3600000 < 0 THEN 1 ELSE 0 END'
    key = f'organisation, facility, {hour}, {told}'
    names = ', '.join(column.name for column in by_hour.c)
    added = ', '.join(f'CAST(sum({name}) AS BIGINT)' for name in sums)
    groups = ', '.join(str(place) for place in range(1, 4 + len(whose)))
    op.execute(sa.DDL(
        f'INSERT INTO presence_count ({names}) SELECT {key}, {added} FROM presence GROUP BY {groups}'.replace('%', '%%')
    ))
    found = defaultdict(lambda: [0] * len(sums))
    zones = {(organisation, facility): ZoneInfo(zone)
             for organisation, facility, zone in _rows('facility', ('organisation', 'id', 'time_zone'))}
    for organisation, facility, at, *rest in _rows('presence_count', by_hour.c.keys()):
        day = _day(at, zones.get((organisation, facility), ZoneInfo('UTC')))
        counted = found[(organisation, facility, day, *rest[:len(whose)])]
        for i, count in enumerate(rest[len(whose):]):
            counted[i] += count
    names = by_day.c.keys()
    rows = [dict(zip(names, (*key, *counted))) for key, counted in found.items()]
    for start in range(0, len(rows), AT_ONCE):
        op.bulk_insert(by_day, rows[start:start + AT_ONCE])


def _create(name, span, whose, sums):
    key = [*PLACE, span, *whose]
    columns = [sa.Column(of, sa.BigInteger() if of in (span, *sums) else sa.String(), nullable=False)
               for of in (*key, *sums)]
    return op.create_table(name, *columns, sa.PrimaryKeyConstraint(*key), sqlite_with_rowid=False)


def _rows(table, columns):
    return op.get_bind().execute(sa.text(f"SELECT {', '.join(columns)} FROM {table}")).all()


def _day(hour, zone):
    try:
        there = (EPOCH + timedelta(hours=hour)).astimezone(zone)
    except OverflowError:
        return hour // 24
    return (there.date() - FIRST_DAY).days


def downgrade() -> None:
    op.drop_table('smiles')
    _count_anew(['device'], BEFORE, 'device', 0)
    op.drop_index('ix_presence_place_time', 'presence')
    with op.batch_alter_table('presence') as batch_op:
        batch_op.drop_column('looked_ms')
        batch_op.drop_column('touchpoint')
