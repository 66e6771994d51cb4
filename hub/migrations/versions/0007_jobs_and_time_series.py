"""Jobs to be done outside a transaction, and time series"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('job',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('payload', sa.Text(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('due_ms', sa.BigInteger(), nullable=False),
    sa.Column('free_ms', sa.BigInteger(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('holder', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_job_due', 'job', ['kind', 'due_ms', 'id'])
    op.create_table('series',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('measurement', sa.String(), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('device', sa.String(), nullable=False),
    sa.Column('part', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint(
        'organisation', 'device', 'measurement', 'part', 'facility', name='uq_series_names'
    )
    )
    op.create_table('series_point',
    sa.Column('series', sa.Integer(), nullable=False),
    sa.Column('step_ms', sa.BigInteger(), nullable=False),
    sa.Column('at_ms', sa.BigInteger(), nullable=False),
    sa.Column('count', sa.BigInteger(), nullable=False),
    sa.Column('total', sa.Float(53), nullable=False),
    sa.Column('least', sa.Float(53), nullable=False),
    sa.Column('most', sa.Float(53), nullable=False),
    sa.PrimaryKeyConstraint('series', 'step_ms', 'at_ms'),
    sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table('series_point')
    op.drop_table('series')
    op.drop_table('job')
