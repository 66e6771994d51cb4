"""Counts by the month of whole facilities, from those of their days"""

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None

TEXTS = ('organisation', 'facility', 'survey', 'question', 'value')
KEY = ('organisation', 'facility', 'month', 'survey', 'question', 'value', 'flagged')


def upgrade() -> None:
    types = {'month': sa.BigInteger(), 'flagged': sa.Boolean(), **dict.fromkeys(TEXTS, sa.String())}
    op.create_table('facility_month',
        *(sa.Column(name, types[name], nullable=False) for name in KEY),
        sa.Column('count', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(*KEY),
        sqlite_with_rowid=False,
    )
    names = ', '.join(KEY)
    op.execute(f'INSERT INTO facility_month ({names}, count) SELECT {names}, sum(count) FROM answer_month GROUP BY {names}')


def downgrade() -> None:
    op.drop_table('facility_month')
