"""Health of terminals: why and since when, alerts, tags, and saved filters of their list"""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('health_fact', sa.Column('reason', sa.String(), nullable=False, server_default=''))
    op.add_column('health_fact', sa.Column('since_ms', sa.BigInteger(), nullable=True))
    op.create_table('health_alert',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('device', sa.String(), nullable=False),
    sa.Column('check', sa.String(), nullable=False),
    sa.Column('level', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('raised_ms', sa.BigInteger(), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('came_ms', sa.BigInteger(), nullable=False),
    sa.Column('ended_ms', sa.BigInteger(), nullable=True),
    sa.Column('acknowledged_ms', sa.BigInteger(), nullable=True),
    sa.Column('acknowledged_by', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_health_alert_organisation', 'health_alert', ['organisation'])
    op.create_index('ix_health_alert_latest', 'health_alert', ['device', 'check', 'raised_ms'])
    still_open = sa.text('ended_ms IS NULL')
    op.create_index('uq_health_alert_open', 'health_alert', ['device', 'check'], unique=True,
        sqlite_where=still_open, postgresql_where=still_open)
    op.create_table('device_tag',
    sa.Column('device', sa.String(), nullable=False),
    sa.Column('tag', sa.String(), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('device', 'tag')
    )
    op.create_index('ix_device_tag_organisation', 'device_tag', ['organisation'])
    op.create_table('fleet_view',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('account', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('query', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('account', 'name', name='uq_fleet_view_name')
    )


def downgrade() -> None:
    op.drop_table('fleet_view')
    op.drop_table('device_tag')
    op.drop_table('health_alert')
    op.drop_column('health_fact', 'since_ms')
    op.drop_column('health_fact', 'reason')
