"""Opening hours of facilities, in versions"""

import sqlalchemy as sa
from alembic import op

revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('opening_hours',
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('hours', sa.Text(), nullable=False),
    sa.Column('country', sa.String(), nullable=False),
    sa.Column('region', sa.String(), nullable=False),
    sa.Column('special', sa.Text(), nullable=False),
    sa.Column('changed_ms', sa.BigInteger(), nullable=False),
    sa.Column('changed_by', sa.String(), nullable=False),
    sa.Column('restores', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['organisation', 'facility'], ['facility.organisation', 'facility.id']),
    sa.PrimaryKeyConstraint('organisation', 'facility', 'version')
    )


def downgrade() -> None:
    op.drop_table('opening_hours')
