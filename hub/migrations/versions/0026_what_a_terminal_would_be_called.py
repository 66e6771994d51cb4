"""A terminal that asks to be taken in may say what it would be called"""

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('enrolment_claim') as table:
        table.add_column(sa.Column('wish', sa.String(), nullable=False, server_default=''))


def downgrade() -> None:
    with op.batch_alter_table('enrolment_claim') as table:
        table.drop_column('wish')
