"""Touchpoints, employees and shifts can be changed and taken back; a terminal may fetch photographs"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

ADDED = {
    'touchpoint': [
        sa.Column('survey', sa.String(), nullable=False, server_default=''),
        sa.Column('inactive_ms', sa.BigInteger(), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False, server_default='1'),
    ],
    'employee': [
        sa.Column('photograph', sa.String(), nullable=True),
        sa.Column('inactive_ms', sa.BigInteger(), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False, server_default='1'),
    ],
    'shift': [sa.Column('inactive_ms', sa.BigInteger(), nullable=True)],
    'device': [sa.Column('password_hash', sa.String(), nullable=True)],
}


def upgrade() -> None:
    for table, columns in ADDED.items():
        for column in columns:
            op.add_column(table, column)


def downgrade() -> None:
    for table, columns in ADDED.items():
        with op.batch_alter_table(table) as batch_op:
            for column in columns:
                batch_op.drop_column(column.name)
