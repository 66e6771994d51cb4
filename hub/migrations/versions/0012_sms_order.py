"""Messages by SMS keep their order while one is tried again; gateways' rates by the microsecond"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('sms_gateway') as table:
        table.alter_column('tokens_ms', new_column_name='busy_until_us')
    with op.batch_alter_table('sms_outgoing') as table:
        table.add_column(sa.Column('free_ms', sa.BigInteger(), nullable=False, server_default='0'))
        table.add_column(sa.Column('urgent', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('sms_outgoing') as table:
        table.alter_column('free_ms', server_default=None)
        table.alter_column('urgent', server_default=None)
    op.drop_index('ix_sms_outgoing_recipient', 'sms_outgoing')
    op.create_index(
        'ix_sms_outgoing_recipient', 'sms_outgoing', ['recipient', 'state', 'due_ms', 'number']
    )


def downgrade() -> None:
    op.drop_index('ix_sms_outgoing_recipient', 'sms_outgoing')
    op.create_index('ix_sms_outgoing_recipient', 'sms_outgoing', ['recipient', 'state', 'number'])
    with op.batch_alter_table('sms_outgoing') as table:
        table.drop_column('urgent')
        table.drop_column('free_ms')
    with op.batch_alter_table('sms_gateway') as table:
        table.alter_column('busy_until_us', new_column_name='tokens_ms')
