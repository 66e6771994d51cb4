"""What terminals are set to, in versions, and what they report of it"""

import sqlalchemy as sa
from alembic import op

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('settings_version',
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('settings', sa.Text(), nullable=False),
    sa.Column('changed_ms', sa.BigInteger(), nullable=False),
    sa.Column('changed_by', sa.String(), nullable=False),
    sa.Column('restores', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('organisation', 'kind', 'subject', 'version')
    )
    with op.batch_alter_table('desired_configuration') as table:
        table.add_column(sa.Column('reported', sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('desired_configuration') as table:
        table.drop_column('reported')
    op.drop_table('settings_version')
