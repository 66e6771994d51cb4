"""An account remembers the language and the appearance that its owner has chosen"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ('language', 'theme'):
        op.add_column('account', sa.Column(name, sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('account') as batch_op:
        for name in ('language', 'theme'):
            batch_op.drop_column(name)
