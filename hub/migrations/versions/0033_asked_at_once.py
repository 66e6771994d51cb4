"""Which jobs several terminals were asked for at once"""

import sqlalchemy as sa
from alembic import op

revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('device_job', sa.Column('batch', sa.String()))
    op.create_index('ix_device_job_batch', 'device_job', ['batch'])


def downgrade() -> None:
    op.drop_index('ix_device_job_batch', table_name='device_job')
    op.drop_column('device_job', 'batch')
