"""Cases: complaints, their story, labour, deadlines, calls, e-mails, alerts, problems and standards"""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('call_attempt',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('case_id', sa.BigInteger(), nullable=False),
    sa.Column('weekday', sa.Integer(), nullable=False),
    sa.Column('part', sa.String(), nullable=False),
    sa.Column('at_ms', sa.BigInteger(), nullable=False),
    sa.Column('wished', sa.Boolean(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_call_attempt_case_id'), 'call_attempt', ['case_id'], unique=False)
    op.create_index('ix_call_attempt_planned', 'call_attempt', ['organisation', 'facility', 'outcome', 'at_ms'], unique=False)
    op.create_table('case_attachment',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('case_id', sa.BigInteger(), nullable=False),
    sa.Column('event', sa.BigInteger(), nullable=False),
    sa.Column('media_type', sa.String(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('stored', sa.String(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_case_attachment_case_id'), 'case_attachment', ['case_id'], unique=False)
    op.create_table('case_deadline',
    sa.Column('case_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('allowed_ms', sa.BigInteger(), nullable=False),
    sa.Column('running_ms', sa.BigInteger(), nullable=True),
    sa.Column('used_ms', sa.BigInteger(), nullable=False),
    sa.Column('told', sa.Integer(), nullable=False),
    sa.Column('met_ms', sa.BigInteger(), nullable=True),
    sa.Column('due_ms', sa.BigInteger(), nullable=True),
    sa.Column('next_ms', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('case_id', 'kind')
    )
    op.create_index('ix_case_deadline_due', 'case_deadline', ['organisation', 'facility', 'due_ms'], unique=False)
    op.create_index('ix_case_deadline_next', 'case_deadline', ['next_ms'], unique=False)
    op.create_table('case_event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('case_id', sa.BigInteger(), nullable=False),
    sa.Column('at_ms', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('actor', sa.String(), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_case_event_case', 'case_event', ['case_id', 'id'], unique=False)
    op.create_table('case_helper',
    sa.Column('case_id', sa.BigInteger(), nullable=False),
    sa.Column('account', sa.Integer(), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('case_id', 'account')
    )
    op.create_index(op.f('ix_case_helper_organisation'), 'case_helper', ['organisation'], unique=False)
    op.create_table('case_label',
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('inactive_ms', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('organisation', 'facility', 'id')
    )
    op.create_table('case_labour',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('case_id', sa.BigInteger(), nullable=False),
    sa.Column('worker', sa.String(), nullable=False),
    sa.Column('activity', sa.String(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('timed', sa.Boolean(), nullable=False),
    sa.Column('at_ms', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_case_labour_at', 'case_labour', ['organisation', 'facility', 'at_ms'], unique=False)
    op.create_index(op.f('ix_case_labour_case_id'), 'case_labour', ['case_id'], unique=False)
    op.create_table('case_notice',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('account', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('percent', sa.Integer(), nullable=False),
    sa.Column('at_ms', sa.BigInteger(), nullable=False),
    sa.Column('seen_ms', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_case_notice_account', 'case_notice', ['account', 'seen_ms', 'id'], unique=False)
    op.create_index(op.f('ix_case_notice_case_id'), 'case_notice', ['case_id'], unique=False)
    op.create_table('case_timer',
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('worker', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('case_id', sa.BigInteger(), nullable=False),
    sa.Column('activity', sa.String(), nullable=False),
    sa.Column('started_ms', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('organisation', 'worker')
    )
    op.create_table('case_view',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('account', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('query', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('account', 'name', name='uq_case_view_name')
    )
    op.create_table('case_word',
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('word', sa.BigInteger(), nullable=False),
    sa.Column('case_id', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('organisation', 'facility', 'word', 'case_id'),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_case_word_case_id'), 'case_word', ['case_id'], unique=False)
    op.create_table('case_worker',
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('account', sa.Integer(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('languages', sa.String(), nullable=False),
    sa.Column('topics', sa.String(), nullable=False),
    sa.Column('employee', sa.String(), nullable=True),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('on_duty', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('organisation', 'account')
    )
    op.create_table('client_mail',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('case_id', sa.BigInteger(), nullable=False),
    sa.Column('template', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('at_ms', sa.BigInteger(), nullable=False),
    sa.Column('sent_ms', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_client_mail_case_id'), 'client_mail', ['case_id'], unique=False)
    op.create_table('client_template',
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('written_by', sa.String(), nullable=False),
    sa.Column('approved_by', sa.String(), nullable=True),
    sa.Column('at_ms', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('organisation', 'facility', 'id', 'language', 'version')
    )
    op.create_table('duty_alert',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('touchpoint', sa.String(), nullable=True),
    sa.Column('employee', sa.String(), nullable=True),
    sa.Column('value', sa.String(), nullable=True),
    sa.Column('answer', sa.BigInteger(), nullable=False),
    sa.Column('at_ms', sa.BigInteger(), nullable=False),
    sa.Column('seen_ms', sa.BigInteger(), nullable=True),
    sa.Column('seen_by', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('answer')
    )
    op.create_index('ix_duty_alert_at', 'duty_alert', ['organisation', 'facility', 'at_ms'], unique=False)
    op.create_table('duty_subscription',
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('endpoint', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('account', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('at_ms', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('organisation', 'endpoint')
    )
    op.create_index(op.f('ix_duty_subscription_account'), 'duty_subscription', ['account'], unique=False)
    op.create_table('mail_opt_out',
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('at_ms', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('organisation', 'address')
    )
    op.create_table('patient_case',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('origin', sa.String(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('informed', sa.Boolean(), nullable=False),
    sa.Column('unreachable', sa.Boolean(), nullable=False),
    sa.Column('labour_entries', sa.Integer(), nullable=False),
    sa.Column('before_merge', sa.String(), nullable=True),
    sa.Column('merged_into', sa.BigInteger(), nullable=True),
    sa.Column('reopened', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(), nullable=True),
    sa.Column('urgent', sa.Boolean(), nullable=False),
    sa.Column('waiting_ms', sa.BigInteger(), nullable=True),
    sa.Column('touchpoint', sa.String(), nullable=True),
    sa.Column('employee', sa.String(), nullable=True),
    sa.Column('question', sa.String(), nullable=True),
    sa.Column('value', sa.String(), nullable=True),
    sa.Column('score', sa.Integer(), nullable=True),
    sa.Column('answer', sa.BigInteger(), nullable=True),
    sa.Column('visit', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=True),
    sa.Column('topic', sa.String(), nullable=True),
    sa.Column('subtopic', sa.String(), nullable=True),
    sa.Column('topic_sure', sa.Boolean(), nullable=False),
    sa.Column('person', sa.String(), nullable=True),
    sa.Column('receipt', sa.String(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('responsible', sa.Integer(), nullable=True),
    sa.Column('steps', sa.Integer(), nullable=False),
    sa.Column('opened_ms', sa.BigInteger(), nullable=False),
    sa.Column('occurred_ms', sa.BigInteger(), nullable=False),
    sa.Column('changed_ms', sa.BigInteger(), nullable=False),
    sa.Column('closed_ms', sa.BigInteger(), nullable=True),
    sa.Column('next_score', sa.Integer(), nullable=True),
    sa.Column('due_ms', sa.BigInteger(), nullable=True),
    sa.Column('due', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('organisation', 'origin', name='uq_patient_case_origin')
    )
    op.create_index(op.f('ix_patient_case_answer'), 'patient_case', ['answer'], unique=False)
    op.create_index('ix_patient_case_due', 'patient_case', ['organisation', 'facility', 'due_ms'], unique=False)
    op.create_index('ix_patient_case_employee', 'patient_case', ['organisation', 'employee', 'id'], unique=False)
    op.create_index(op.f('ix_patient_case_merged_into'), 'patient_case', ['merged_into'], unique=False)
    op.create_index('ix_patient_case_opened', 'patient_case', ['organisation', 'facility', 'opened_ms', 'id'], unique=False)
    op.create_index('ix_patient_case_person', 'patient_case', ['organisation', 'person'], unique=False)
    op.create_index('ix_patient_case_receipt', 'patient_case', ['receipt'], unique=True)
    op.create_index('ix_patient_case_responsible', 'patient_case', ['organisation', 'responsible', 'id'], unique=False)
    op.create_index('ix_patient_case_status', 'patient_case', ['organisation', 'facility', 'status', 'id'], unique=False)
    op.create_index('ix_patient_case_topic', 'patient_case', ['organisation', 'facility', 'topic', 'opened_ms'], unique=False)
    op.create_index('ix_patient_case_touchpoint', 'patient_case', ['organisation', 'touchpoint', 'id'], unique=False)
    op.create_table('problem',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('topic', sa.String(), nullable=False),
    sa.Column('unit', sa.String(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('opened_ms', sa.BigInteger(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('owner', sa.Integer(), nullable=True),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('done_ms', sa.BigInteger(), nullable=True),
    sa.Column('standard', sa.String(), nullable=True),
    sa.Column('standard_version', sa.Integer(), nullable=True),
    sa.Column('checked', sa.Text(), nullable=False),
    sa.Column('closed_ms', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_problem_open', 'problem', ['organisation', 'facility', 'topic', 'unit'], unique=False)
    op.create_table('problem_case',
    sa.Column('problem', sa.BigInteger(), nullable=False),
    sa.Column('case_id', sa.BigInteger(), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('problem', 'case_id')
    )
    op.create_index(op.f('ix_problem_case_organisation'), 'problem_case', ['organisation'], unique=False)
    op.create_table('receipt_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('at_ms', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_receipt_attempt_subject', 'receipt_attempt', ['subject', 'at_ms'], unique=False)
    op.create_table('standard',
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('problem', sa.BigInteger(), nullable=True),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('at_ms', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('organisation', 'facility', 'id', 'version')
    )
    op.create_table('work_calendar',
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('hours', sa.Text(), nullable=False),
    sa.Column('country', sa.String(), nullable=False),
    sa.Column('region', sa.String(), nullable=False),
    sa.Column('closed', sa.Text(), nullable=False),
    sa.Column('first_call_minutes', sa.Integer(), nullable=False),
    sa.Column('investigation_days', sa.Integer(), nullable=False),
    sa.Column('urgent_days', sa.Integer(), nullable=False),
    sa.Column('by_topic', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('organisation', 'facility')
    )



def downgrade() -> None:
    op.drop_table('work_calendar')
    op.drop_table('standard')
    op.drop_index('ix_receipt_attempt_subject', table_name='receipt_attempt')
    op.drop_table('receipt_attempt')
    op.drop_index(op.f('ix_problem_case_organisation'), table_name='problem_case')
    op.drop_table('problem_case')
    op.drop_index('ix_problem_open', table_name='problem')
    op.drop_table('problem')
    op.drop_index('ix_patient_case_touchpoint', table_name='patient_case')
    op.drop_index('ix_patient_case_topic', table_name='patient_case')
    op.drop_index('ix_patient_case_status', table_name='patient_case')
    op.drop_index('ix_patient_case_responsible', table_name='patient_case')
    op.drop_index('ix_patient_case_receipt', table_name='patient_case')
    op.drop_index('ix_patient_case_person', table_name='patient_case')
    op.drop_index('ix_patient_case_opened', table_name='patient_case')
    op.drop_index(op.f('ix_patient_case_merged_into'), table_name='patient_case')
    op.drop_index('ix_patient_case_employee', table_name='patient_case')
    op.drop_index('ix_patient_case_due', table_name='patient_case')
    op.drop_index(op.f('ix_patient_case_answer'), table_name='patient_case')
    op.drop_table('patient_case')
    op.drop_table('mail_opt_out')
    op.drop_index(op.f('ix_duty_subscription_account'), table_name='duty_subscription')
    op.drop_table('duty_subscription')
    op.drop_index('ix_duty_alert_at', table_name='duty_alert')
    op.drop_table('duty_alert')
    op.drop_table('client_template')
    op.drop_index(op.f('ix_client_mail_case_id'), table_name='client_mail')
    op.drop_table('client_mail')
    op.drop_table('case_worker')
    op.drop_index(op.f('ix_case_word_case_id'), table_name='case_word')
    op.drop_table('case_word')
    op.drop_table('case_view')
    op.drop_table('case_timer')
    op.drop_index(op.f('ix_case_notice_case_id'), table_name='case_notice')
    op.drop_index('ix_case_notice_account', table_name='case_notice')
    op.drop_table('case_notice')
    op.drop_index(op.f('ix_case_labour_case_id'), table_name='case_labour')
    op.drop_index('ix_case_labour_at', table_name='case_labour')
    op.drop_table('case_labour')
    op.drop_table('case_label')
    op.drop_index(op.f('ix_case_helper_organisation'), table_name='case_helper')
    op.drop_table('case_helper')
    op.drop_index('ix_case_event_case', table_name='case_event')
    op.drop_table('case_event')
    op.drop_index('ix_case_deadline_next', table_name='case_deadline')
    op.drop_index('ix_case_deadline_due', table_name='case_deadline')
    op.drop_table('case_deadline')
    op.drop_index(op.f('ix_case_attachment_case_id'), table_name='case_attachment')
    op.drop_table('case_attachment')
    op.drop_index('ix_call_attempt_planned', table_name='call_attempt')
    op.drop_index(op.f('ix_call_attempt_case_id'), table_name='call_attempt')
    op.drop_table('call_attempt')
