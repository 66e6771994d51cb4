"""Who wants to hear of terminals' alerts, and of which they were told"""

import sqlalchemy as sa
from alembic import op

revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('alert_choice',
        sa.Column('organisation', sa.String(), nullable=False),
        sa.Column('account', sa.Integer(), nullable=False),
        sa.Column('by_mail', sa.Boolean(), nullable=False),
        sa.Column('by_push', sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint('organisation', 'account'),
    )
    op.add_column('health_alert', sa.Column('told_ms', sa.BigInteger()))
    op.execute('UPDATE health_alert SET told_ms = came_ms')  # nobody is told of what is old


def downgrade() -> None:
    op.drop_column('health_alert', 'told_ms')
    op.drop_table('alert_choice')
