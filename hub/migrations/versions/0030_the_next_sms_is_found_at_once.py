"""The next SMS is found at once however many wait"""

from alembic import op

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None

_NEXT = ['state', 'urgent', 'due_ms', 'number']


def upgrade() -> None:
    op.drop_index('ix_sms_outgoing_due', table_name='sms_outgoing')
    op.create_index('ix_sms_outgoing_next', 'sms_outgoing', _NEXT)


def downgrade() -> None:
    op.drop_index('ix_sms_outgoing_next', table_name='sms_outgoing')
    op.create_index('ix_sms_outgoing_due', 'sms_outgoing', ['state', 'due_ms'])
