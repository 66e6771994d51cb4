"""Terminals have keys of their own, which the hub signs for; they are claimed by a code, or expected"""

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'certificate_authority',
        sa.Column('serial', sa.String(), primary_key=True),
        sa.Column('certificate', sa.Text(), nullable=False),
        sa.Column('sealed_key', sa.LargeBinary(), nullable=False),
        sa.Column('made_ms', sa.BigInteger(), nullable=False),
        sa.Column('until_ms', sa.BigInteger(), nullable=False),
    )
    op.create_table(
        'device_key',
        sa.Column('fingerprint', sa.String(), primary_key=True),
        sa.Column('device', sa.String(), nullable=False, index=True),
        sa.Column('organisation', sa.String(), nullable=False, index=True),
        sa.Column('facility', sa.String(), nullable=False),
        sa.Column('hardware', sa.String(), nullable=False),
        sa.Column('accepted_ms', sa.BigInteger(), nullable=False),
        sa.Column('revoked_ms', sa.BigInteger()),
    )
    op.create_table(
        'device_certificate',
        sa.Column('serial', sa.String(), primary_key=True),
        sa.Column('authority', sa.String(), nullable=False),
        sa.Column('fingerprint', sa.String(), nullable=False, index=True),
        sa.Column('device', sa.String(), nullable=False, index=True),
        sa.Column('organisation', sa.String(), nullable=False, index=True),
        sa.Column('facility', sa.String(), nullable=False),
        sa.Column('pem', sa.Text(), nullable=False),
        sa.Column('issued_ms', sa.BigInteger(), nullable=False),
        sa.Column('until_ms', sa.BigInteger(), nullable=False),
        sa.Column('revoked_ms', sa.BigInteger()),
    )
    op.create_table(
        'enrolment_claim',
        sa.Column('id', sa.String(), primary_key=True),
        sa.Column('code', sa.String(), nullable=False, unique=True),
        sa.Column('fingerprint', sa.String(), nullable=False, index=True),
        sa.Column('hardware', sa.String(), nullable=False),
        sa.Column('serial', sa.String(), nullable=False),
        sa.Column('software', sa.String(), nullable=False),
        sa.Column('asked_ms', sa.BigInteger(), nullable=False),
        sa.Column('until_ms', sa.BigInteger(), nullable=False),
        sa.Column('accepted_ms', sa.BigInteger()),
        sa.Column('organisation', sa.String()),
        sa.Column('facility', sa.String()),
        sa.Column('device', sa.String()),
    )
    op.create_table(
        'expected_device',
        sa.Column('token_hash', sa.String(), primary_key=True),
        sa.Column('device', sa.String(), nullable=False, unique=True),
        sa.Column('organisation', sa.String(), nullable=False, index=True),
        sa.Column('facility', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('touchpoint', sa.String()),
        sa.Column('serial', sa.String(), nullable=False),
        sa.Column('made_ms', sa.BigInteger(), nullable=False),
        sa.Column('until_ms', sa.BigInteger(), nullable=False),
    )


def downgrade() -> None:
    for table in (
        'expected_device', 'enrolment_claim', 'device_certificate', 'device_key', 'certificate_authority',
    ):
        op.drop_table(table)
