"""Counts by the hour, beginning with what is stored already"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

HOUR = "occurred_ms / 3600000 - CASE WHEN occurred_ms % 3600000 < 0 THEN 1 ELSE 0 END"


def upgrade() -> None:
    op.create_table('answer_count',
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('hour', sa.BigInteger(), nullable=False),
    sa.Column('survey', sa.String(), nullable=False),
    sa.Column('question', sa.String(), nullable=False),
    sa.Column('touchpoint', sa.String(), nullable=False),
    sa.Column('employee', sa.String(), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.Column('flagged', sa.Boolean(), nullable=False),
    sa.Column('count', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint(
        'organisation', 'facility', 'hour', 'survey', 'question', 'touchpoint', 'employee', 'value', 'flagged'
    ),
    sqlite_with_rowid=False,
    )
    op.create_table('presence_count',
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('hour', sa.BigInteger(), nullable=False),
    sa.Column('device', sa.String(), nullable=False),
    sa.Column('approaches', sa.BigInteger(), nullable=False),
    sa.Column('looked', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('organisation', 'facility', 'hour', 'device'),
    sqlite_with_rowid=False,
    )
    op.execute(sa.DDL(f"""
        INSERT INTO answer_count
        SELECT organisation, facility, {HOUR}, coalesce(survey, ''), coalesce(question, ''),
            coalesce(touchpoint, ''), coalesce(employee, ''), coalesce(value, ''), flags <> '', count(*)
        FROM response GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
    """.replace("%", "%%")))
    op.execute(sa.DDL(f"""
        INSERT INTO presence_count
        SELECT organisation, facility, {HOUR}, device, sum(approaches), sum(looked)
        FROM presence WHERE approaches > 0 OR looked > 0 GROUP BY 1, 2, 3, 4
    """.replace("%", "%%")))


def downgrade() -> None:
    op.drop_table('presence_count')
    op.drop_table('answer_count')
