"""Gateways for SMS, and the messages that go out and come in by them"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('sms_gateway',
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('per_second', sa.Float(), nullable=False),
    sa.Column('tokens_ms', sa.BigInteger(), nullable=False),
    sa.Column('down_until_ms', sa.BigInteger(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('organisation', 'id')
    )
    op.create_table('sms_outgoing',
    sa.Column('number', number, nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('recipient', sa.String(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('parts', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('created_ms', sa.BigInteger(), nullable=False),
    sa.Column('due_ms', sa.BigInteger(), nullable=False),
    sa.Column('via', sa.String(), nullable=False),
    sa.Column('gateway', sa.String(), nullable=False),
    sa.Column('carrier_id', sa.String(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('sent_ms', sa.BigInteger(), nullable=True),
    sa.Column('state_ms', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('number'),
    sa.UniqueConstraint('id')
    )
    op.create_index('ix_sms_outgoing_due', 'sms_outgoing', ['state', 'due_ms'])
    op.create_index('ix_sms_outgoing_recipient', 'sms_outgoing', ['recipient', 'state', 'number'])
    op.create_index('ix_sms_outgoing_carrier', 'sms_outgoing', ['gateway', 'carrier_id'])
    op.create_index('ix_sms_outgoing_subject', 'sms_outgoing', ['organisation', 'facility', 'subject'])
    op.create_table('sms_inbound',
    sa.Column('id', number, nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('gateway', sa.String(), nullable=False),
    sa.Column('carrier_id', sa.String(), nullable=False),
    sa.Column('sender', sa.String(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('received_ms', sa.BigInteger(), nullable=False),
    sa.Column('reference', sa.String(), nullable=True),
    sa.Column('part', sa.Integer(), nullable=True),
    sa.Column('total', sa.Integer(), nullable=True),
    sa.Column('due_ms', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('organisation', 'gateway', 'carrier_id', name='uq_sms_inbound_identity')
    )
    op.create_index('ix_sms_inbound_due', 'sms_inbound', ['due_ms'])
    op.create_index('ix_sms_inbound_whole', 'sms_inbound', ['organisation', 'sender', 'reference'])


def downgrade() -> None:
    op.drop_table('sms_inbound')
    op.drop_table('sms_outgoing')
    op.drop_table('sms_gateway')
