"""A clinic's own words in versions, and what gateways charge for a part"""

import sqlalchemy as sa
from alembic import op

revision = '0035'
down_revision = '0034'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('sms_text_version',
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('campaign', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('template', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('changed_by', sa.String(), nullable=False),
    sa.Column('at_ms', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('organisation', 'facility', 'campaign', 'language', 'template', 'version')
    )
    op.execute(
        'INSERT INTO sms_text_version'
        ' (organisation, facility, campaign, language, template, version, text, changed_by, at_ms)'
        ' SELECT organisation, facility, campaign, language, template, 1, text, changed_by, at_ms FROM sms_text'
    )
    for table in ('sms_gateway', 'sms_outgoing'):
        op.add_column(table, sa.Column('part_price', sa.String(), server_default='0', nullable=False))


def downgrade() -> None:
    for table in ('sms_gateway', 'sms_outgoing'):
        op.drop_column(table, 'part_price')
    op.drop_table('sms_text_version')
