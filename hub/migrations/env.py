"""Alembic's entry: runs the steps on the connection that `hub.migrations.upgrade` hands over."""

from alembic import context
from sqlmodel import SQLModel

import hub.cases.alerts.tables
import hub.cases.calling.tables
import hub.cases.correspondence.tables
import hub.cases.deadlines.tables
import hub.cases.labour.tables
import hub.cases.problems.tables
import hub.cases.receipts.tables
import hub.cases.tables
import hub.core.audit.tables
import hub.core.jobs.tables
import hub.core.privacy.tables
import hub.core.tables
import hub.core.timeseries.tables
import hub.feedback.photographs.tables
import hub.feedback.presence_tables
import hub.feedback.tables
import hub.fleet.authority.tables
import hub.fleet.configuration_tables
import hub.fleet.enrolment.tables
import hub.fleet.job_tables
import hub.fleet.rollout_tables
import hub.fleet.tables
import hub.identity.tables
import hub.sms.alerts.tables
import hub.sms.campaigns.tables
import hub.sms.conversations.tables
import hub.sms.gateways.tables
import hub.sms.invitations.tables
import hub.sms.people.tables  # noqa: F401 - each import adds its tables to the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
