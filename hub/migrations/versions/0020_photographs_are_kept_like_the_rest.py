"""For how long photographs are kept is said where it is said of everything else"""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index('ix_answer_photograph_due', 'answer_photograph')
    with op.batch_alter_table('answer_photograph') as table:
        table.drop_column('until_ms')
    with op.batch_alter_table('photograph_policy') as table:
        table.drop_column('days_kept')
    op.create_index('ix_answer_photograph_due', 'answer_photograph', ['deleted_ms', 'taken_ms'])


def downgrade() -> None:
    op.drop_index('ix_answer_photograph_due', 'answer_photograph')
    with op.batch_alter_table('answer_photograph') as table:
        table.add_column(sa.Column('until_ms', sa.BigInteger(), nullable=False, server_default='0'))
    with op.batch_alter_table('photograph_policy') as table:
        table.add_column(sa.Column('days_kept', sa.Integer(), nullable=False, server_default='30'))
    op.create_index('ix_answer_photograph_due', 'answer_photograph', ['deleted_ms', 'until_ms'])
