"""For how long what is kept of patients is kept"""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('retention',
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('organisation', 'facility', 'kind')
    )


def downgrade() -> None:
    op.drop_table('retention')
