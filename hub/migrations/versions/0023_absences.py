"""Whoever handles cases may be away, and have a deputy"""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('case_worker') as table:
        table.add_column(sa.Column('takes_cases', sa.Boolean(), nullable=False, server_default=sa.true()))
        table.add_column(sa.Column('away_from', sa.Date()))
        table.add_column(sa.Column('away_until', sa.Date()))
        table.add_column(sa.Column('deputy', sa.Integer()))


def downgrade() -> None:
    with op.batch_alter_table('case_worker') as table:
        for name in ('deputy', 'away_until', 'away_from', 'takes_cases'):
            table.drop_column(name)
