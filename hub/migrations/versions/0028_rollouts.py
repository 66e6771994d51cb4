"""Rollouts of releases, and maintenance windows"""

import sqlalchemy as sa
from alembic import op

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('rollout',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('release', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('lock_sha256', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('reason_group', sa.Integer(), nullable=False),
    sa.Column('spread_s', sa.Integer(), nullable=False),
    sa.Column('bytes_per_s', sa.Integer(), nullable=True),
    sa.Column('created_ms', sa.BigInteger(), nullable=False),
    sa.Column('created_by', sa.String(), nullable=False),
    sa.Column('ended_ms', sa.BigInteger(), nullable=True),
    sa.Column('watched_from_ms', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_rollout_organisation', 'rollout', ['organisation'])
    op.create_index('ix_rollout_state', 'rollout', ['state'])
    op.create_table('rollout_group',
    sa.Column('rollout', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('percent', sa.Integer(), nullable=True),
    sa.Column('success_percent', sa.Integer(), nullable=False),
    sa.Column('error_percent', sa.Integer(), nullable=False),
    sa.Column('least', sa.Integer(), nullable=False),
    sa.Column('soak_minutes', sa.Integer(), nullable=False),
    sa.Column('silence_minutes', sa.Integer(), nullable=False),
    sa.Column('needs_approval', sa.Boolean(), nullable=False),
    sa.Column('approved_ms', sa.BigInteger(), nullable=True),
    sa.Column('approved_by', sa.String(), nullable=True),
    sa.Column('begun_ms', sa.BigInteger(), nullable=True),
    sa.Column('reached_ms', sa.BigInteger(), nullable=True),
    sa.Column('returned_ms', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('rollout', 'number')
    )
    op.create_table('rollout_device',
    sa.Column('rollout', sa.String(), nullable=False),
    sa.Column('device', sa.String(), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('group', sa.Integer(), nullable=False),
    sa.Column('job', sa.String(), nullable=True),
    sa.Column('asked_ms', sa.BigInteger(), nullable=True),
    sa.Column('before', sa.String(), nullable=False),
    sa.Column('failing_before', sa.String(), nullable=False),
    sa.Column('missing_before', sa.Integer(), nullable=False),
    sa.Column('gap_since_ms', sa.BigInteger(), nullable=True),
    sa.Column('standing', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('confirmed_ms', sa.BigInteger(), nullable=True),
    sa.Column('changed_ms', sa.BigInteger(), nullable=True),
    sa.Column('passed_over', sa.Boolean(), nullable=False),
    sa.Column('back_job', sa.String(), nullable=True),
    sa.Column('back_asked_ms', sa.BigInteger(), nullable=True),
    sa.Column('back_standing', sa.String(), nullable=False),
    sa.Column('back_reason', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('rollout', 'device')
    )
    op.create_index('ix_rollout_device_device', 'rollout_device', ['device'])
    op.create_index('ix_rollout_device_organisation', 'rollout_device', ['organisation'])
    op.create_table('rollout_event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rollout', sa.String(), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('at_ms', sa.BigInteger(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('group', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_rollout_event_rollout', 'rollout_event', ['rollout'])
    op.create_table('maintenance',
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('windows', sa.Text(), nullable=False),
    sa.Column('changed_ms', sa.BigInteger(), nullable=False),
    sa.Column('changed_by', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('organisation', 'facility')
    )


def downgrade() -> None:
    op.drop_table('maintenance')
    op.drop_table('rollout_event')
    op.drop_table('rollout_device')
    op.drop_table('rollout_group')
    op.drop_table('rollout')
