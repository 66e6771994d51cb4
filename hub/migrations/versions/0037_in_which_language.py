"""In which language whoever hears of terminals' alerts is written to"""

import sqlalchemy as sa
from alembic import op

revision = '0037'
down_revision = '0036'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('alert_choice', sa.Column('language', sa.String()))


def downgrade() -> None:
    op.drop_column('alert_choice', 'language')
