"""What terminals are asked to do"""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('device_job',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('device', sa.String(), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('asked_ms', sa.BigInteger(), nullable=False),
    sa.Column('asked_by', sa.String(), nullable=False),
    sa.Column('until_ms', sa.BigInteger(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('step', sa.String(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('release', sa.String(), nullable=True),
    sa.Column('heard_ms', sa.BigInteger(), nullable=True),
    sa.Column('heard_epoch', sa.BigInteger(), nullable=True),
    sa.Column('heard_sequence', sa.BigInteger(), nullable=True),
    sa.Column('closed', sa.String(), nullable=True),
    sa.Column('closed_ms', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_device_job_device', 'device_job', ['device', 'closed'])
    op.create_index('ix_device_job_open', 'device_job', ['closed', 'until_ms'])
    op.create_index(op.f('ix_device_job_organisation'), 'device_job', ['organisation'])
    op.create_table('open_jobs_version',
    sa.Column('device', sa.String(), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('device')
    )
    op.create_index(op.f('ix_open_jobs_version_organisation'), 'open_jobs_version', ['organisation'])


def downgrade() -> None:
    op.drop_table('open_jobs_version')
    op.drop_table('device_job')
