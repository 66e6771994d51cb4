"""When a terminal last asked to be let in with a key that is believed no longer"""

import sqlalchemy as sa
from alembic import op

revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('device_key', sa.Column('turned_away_ms', sa.BigInteger()))


def downgrade() -> None:
    op.drop_column('device_key', 'turned_away_ms')
