"""Photographs with answers, and what each facility decides about them"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('photograph_policy',
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('policy', sa.String(), nullable=False),
    sa.Column('days_kept', sa.Integer(), nullable=False),
    sa.Column('changed_by', sa.String(), nullable=False),
    sa.Column('at_ms', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('organisation', 'facility', 'version')
    )
    op.create_table('answer_photograph',
    sa.Column('device', sa.String(), nullable=False),
    sa.Column('epoch', sa.BigInteger(), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('answer_epoch', sa.BigInteger(), nullable=False),
    sa.Column('answer_sequence', sa.BigInteger(), nullable=False),
    sa.Column('media_type', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('file', sa.String(), nullable=True),
    sa.Column('taken_ms', sa.BigInteger(), nullable=False),
    sa.Column('received_ms', sa.BigInteger(), nullable=False),
    sa.Column('until_ms', sa.BigInteger(), nullable=False),
    sa.Column('deleted_ms', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('device', 'epoch', 'sequence'),
    sa.UniqueConstraint('device', 'answer_epoch', 'answer_sequence', name='uq_answer_photograph_answer')
    )
    op.create_index('ix_answer_photograph_organisation', 'answer_photograph', ['organisation'])
    op.create_index('ix_answer_photograph_due', 'answer_photograph', ['deleted_ms', 'until_ms'])


def downgrade() -> None:
    op.drop_table('answer_photograph')
    op.drop_table('photograph_policy')
