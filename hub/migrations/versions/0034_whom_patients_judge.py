"""Who of the staff is which of those whom patients judge: of accounts, not of those who handle cases alone"""

import sqlalchemy as sa
from alembic import op

revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('account', sa.Column('employee', sa.String(), nullable=True))
    op.execute(
        'UPDATE account SET employee = (SELECT w.employee FROM case_worker w'
        ' WHERE w.account = account.id AND w.organisation = account.organisation)'
    )
    with op.batch_alter_table('case_worker') as table:
        table.drop_column('employee')


def downgrade() -> None:
    with op.batch_alter_table('case_worker') as table:
        table.add_column(sa.Column('employee', sa.String(), nullable=True))
    op.execute(
        'UPDATE case_worker SET employee = (SELECT a.employee FROM account a'
        ' WHERE a.id = case_worker.account AND a.organisation = case_worker.organisation)'
    )
    op.drop_column('account', 'employee')
