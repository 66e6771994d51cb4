"""Campaigns, conversations and alerts by SMS; an answer knows the campaign that asked for it"""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('sms_alert',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('conversation', sa.BigInteger(), nullable=False),
    sa.Column('raised_ms', sa.BigInteger(), nullable=False),
    sa.Column('told', sa.Integer(), nullable=False),
    sa.Column('due_ms', sa.BigInteger(), nullable=True),
    sa.Column('acknowledged_ms', sa.BigInteger(), nullable=True),
    sa.Column('acknowledged_by', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('conversation', 'kind', name='uq_sms_alert')
    )
    op.create_index('ix_sms_alert_due', 'sms_alert', ['due_ms'])
    op.create_index('ix_sms_alert_place', 'sms_alert', ['organisation', 'facility', 'raised_ms'])
    op.create_table('sms_alert_contact',
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('organisation', 'facility', 'position')
    )
    op.create_table('sms_campaign',
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('survey', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('trigger', sa.String(), nullable=False),
    sa.Column('keyword', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('policy', sa.Text(), nullable=False),
    sa.Column('created_ms', sa.BigInteger(), nullable=False),
    sa.Column('created_by', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('organisation', 'id')
    )
    op.create_index('ix_sms_campaign_facility', 'sms_campaign', ['facility'])
    op.create_table('sms_conversation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('recipient', sa.String(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('participation', sa.BigInteger(), nullable=True),
    sa.Column('respondent', sa.BigInteger(), nullable=True),
    sa.Column('campaign', sa.String(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('employee', sa.String(), nullable=False),
    sa.Column('via', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('emergency', sa.String(), nullable=False),
    sa.Column('asked_again', sa.Integer(), nullable=False),
    sa.Column('asked_which', sa.Integer(), nullable=False),
    sa.Column('proposed', sa.Integer(), nullable=True),
    sa.Column('score', sa.Integer(), nullable=True),
    sa.Column('may_call', sa.Boolean(), nullable=True),
    sa.Column('paused', sa.Boolean(), nullable=False),
    sa.Column('reminded', sa.Boolean(), nullable=False),
    sa.Column('opened_ms', sa.BigInteger(), nullable=False),
    sa.Column('asked_ms', sa.BigInteger(), nullable=False),
    sa.Column('reminder_ms', sa.BigInteger(), nullable=False),
    sa.Column('expiry_ms', sa.BigInteger(), nullable=False),
    sa.Column('due_ms', sa.BigInteger(), nullable=True),
    sa.Column('ended_ms', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('participation')
    )
    op.create_index('ix_sms_conversation_due', 'sms_conversation', ['due_ms'])
    op.create_index('ix_sms_conversation_place', 'sms_conversation', ['organisation', 'facility', 'campaign', 'id'])
    op.create_index('ix_sms_conversation_recipient', 'sms_conversation', ['organisation', 'recipient', 'id'])
    op.create_table('sms_intake',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('campaign', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('given_by', sa.String(), nullable=False),
    sa.Column('at_ms', sa.BigInteger(), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('chosen', sa.Integer(), nullable=False),
    sa.Column('not_sampled', sa.Integer(), nullable=False),
    sa.Column('quota_full', sa.Integer(), nullable=False),
    sa.Column('known', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('organisation', 'campaign', 'digest', name='uq_sms_intake')
    )
    op.create_table('sms_message',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('conversation', sa.BigInteger(), nullable=False),
    sa.Column('recipient', sa.String(), nullable=False),
    sa.Column('inbound', sa.Boolean(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('meaning', sa.String(), nullable=False),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('at_ms', sa.BigInteger(), nullable=False),
    sa.Column('outgoing', sa.String(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('state_ms', sa.BigInteger(), nullable=False),
    sa.Column('parts', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('outgoing')
    )
    op.create_index('ix_sms_message_conversation', 'sms_message', ['conversation', 'id'])
    op.create_index('ix_sms_message_recipient', 'sms_message', ['organisation', 'recipient', 'at_ms'])
    op.create_table('sms_opt_out',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('recipient', sa.String(), nullable=False),
    sa.Column('stopped', sa.Boolean(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('at_ms', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_sms_opt_out_recipient', 'sms_opt_out', ['organisation', 'recipient', 'id'])
    op.create_table('sms_participation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('campaign', sa.String(), nullable=False),
    sa.Column('survey', sa.String(), nullable=False),
    sa.Column('patient', sa.String(), nullable=False),
    sa.Column('recipient', sa.String(), nullable=False),
    sa.Column('respondent', sa.BigInteger(), nullable=False),
    sa.Column('employee', sa.String(), nullable=False),
    sa.Column('touchpoint', sa.String(), nullable=False),
    sa.Column('stratum', sa.String(), nullable=False),
    sa.Column('time_zone', sa.String(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('happened_ms', sa.BigInteger(), nullable=False),
    sa.Column('due_ms', sa.BigInteger(), nullable=False),
    sa.Column('latest_ms', sa.BigInteger(), nullable=False),
    sa.Column('created_ms', sa.BigInteger(), nullable=False),
    sa.Column('invited_ms', sa.BigInteger(), nullable=True),
    sa.Column('sent_ms', sa.BigInteger(), nullable=True),
    sa.Column('delivered_ms', sa.BigInteger(), nullable=True),
    sa.Column('replied_ms', sa.BigInteger(), nullable=True),
    sa.Column('accepted_ms', sa.BigInteger(), nullable=True),
    sa.Column('scored_ms', sa.BigInteger(), nullable=True),
    sa.Column('score', sa.Integer(), nullable=True),
    sa.Column('ended_ms', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('organisation', 'survey', 'patient', name='uq_sms_participation')
    )
    op.create_index('ix_sms_participation_campaign', 'sms_participation', ['organisation', 'campaign', 'state'])
    op.create_index('ix_sms_participation_due', 'sms_participation', ['state', 'due_ms'])
    op.create_index('ix_sms_participation_patient', 'sms_participation', ['organisation', 'patient', 'invited_ms'])
    op.create_table('sms_respondent',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('patient', sa.String(), nullable=False),
    sa.Column('recipient', sa.String(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('time_zone', sa.String(), nullable=False),
    sa.Column('created_ms', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('organisation', 'facility', 'patient', name='uq_sms_respondent')
    )
    op.create_index('ix_sms_respondent_patient', 'sms_respondent', ['organisation', 'patient'])
    op.create_index('ix_sms_respondent_recipient', 'sms_respondent', ['organisation', 'recipient'])
    op.create_table('sms_text',
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('campaign', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('template', sa.String(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('changed_by', sa.String(), nullable=False),
    sa.Column('at_ms', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('organisation', 'facility', 'campaign', 'language', 'template')
    )
    op.add_column('response', sa.Column('campaign', sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column('response', 'campaign')
    op.drop_table('sms_text')
    op.drop_table('sms_respondent')
    op.drop_table('sms_participation')
    op.drop_table('sms_opt_out')
    op.drop_table('sms_message')
    op.drop_table('sms_intake')
    op.drop_table('sms_conversation')
    op.drop_table('sms_campaign')
    op.drop_table('sms_alert_contact')
    op.drop_table('sms_alert')
