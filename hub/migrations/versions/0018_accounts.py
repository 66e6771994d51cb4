"""Accounts: e-mail, second factor, identity provider, links to choose a password; kinds of places, languages of staff"""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

UNIQUE = ('email_fingerprint', 'openid')


def added() -> dict[str, tuple[sa.Column[object], ...]]:
    """By table; new ones each time, because a column belongs to one table."""
    return {
        'account': (
            sa.Column('email_sealed', sa.LargeBinary(), nullable=True),
            sa.Column('email_fingerprint', sa.String(), nullable=True),
            sa.Column('totp_sealed', sa.LargeBinary(), nullable=True),
            sa.Column('totp_step', sa.BigInteger(), nullable=False, server_default='0'),
            sa.Column('openid', sa.String(), nullable=True),
            sa.Column('inactive_ms', sa.BigInteger(), nullable=True),
        ),
        'login_session': (
            sa.Column('browser', sa.String(), nullable=False, server_default=''),
        ),
        'api_token': (
            sa.Column('permissions', sa.String(), nullable=True),
            sa.Column('used_ms', sa.BigInteger(), nullable=True),
        ),
        'touchpoint': (
            sa.Column('kind', sa.String(), nullable=False, server_default=''),
        ),
        'employee': (
            sa.Column('profession', sa.String(), nullable=False, server_default=''),
            sa.Column('languages', sa.String(), nullable=False, server_default=''),
        ),
    }


def upgrade() -> None:
    for table, columns in added().items():
        for column in columns:
            op.add_column(table, column)
    for column in UNIQUE:
        op.create_index(f'ix_account_{column}', 'account', [column], unique=True)
    op.create_table('recovery_code',
    sa.Column('code_hash', sa.String(), nullable=False),
    sa.Column('account', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account'], ['account.id']),
    sa.PrimaryKeyConstraint('code_hash')
    )
    op.create_index('ix_recovery_code_account', 'recovery_code', ['account'])
    op.create_table('password_link',
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.Column('account', sa.Integer(), nullable=False),
    sa.Column('expires_ms', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['account'], ['account.id']),
    sa.PrimaryKeyConstraint('token_hash')
    )
    op.create_index('ix_password_link_account', 'password_link', ['account'])


def downgrade() -> None:
    op.drop_table('password_link')
    op.drop_table('recovery_code')
    for column in UNIQUE:
        op.drop_index(f'ix_account_{column}', 'account')
    for table, columns in added().items():
        for column in columns:
            op.drop_column(table, column.name)
