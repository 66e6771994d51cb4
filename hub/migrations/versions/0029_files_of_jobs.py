"""Files that terminals send for jobs"""

import sqlalchemy as sa
from alembic import op

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('job_file',
    sa.Column('job', sa.String(), nullable=False),
    sa.Column('device', sa.String(), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('media_type', sa.String(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('kept_ms', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('job')
    )
    op.create_index(op.f('ix_job_file_organisation'), 'job_file', ['organisation'])
    op.create_index(op.f('ix_job_file_kept_ms'), 'job_file', ['kept_ms'])


def downgrade() -> None:
    op.drop_table('job_file')
