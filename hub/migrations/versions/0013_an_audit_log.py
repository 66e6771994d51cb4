"""An audit log, and roles that an account has at single facilities"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit_entry',
    sa.Column('number', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=True),
    sa.Column('at_ms', sa.BigInteger(), nullable=False),
    sa.Column('actor', sa.String(), nullable=False),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('detail', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('number')
    )
    op.create_index('ix_audit_entry_scope', 'audit_entry', ['organisation', 'facility', 'number'])
    op.create_index('ix_audit_entry_subject', 'audit_entry', ['organisation', 'subject', 'number'])
    head = op.create_table('audit_head',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.bulk_insert(head, [{'id': 1, 'sealed': b''}])
    op.create_table('account_role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=True),
    sa.Column('account', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['account'], ['account.id']),
    sa.ForeignKeyConstraint(
        ['organisation', 'facility'], ['facility.organisation', 'facility.id']
    ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_account_role_account', 'account_role', ['account'])
    op.execute(
        'INSERT INTO account_role (organisation, facility, account, role)'
        ' SELECT organisation, facility, id, role FROM account'
    )
    with _nobody_refers_to_accounts(), op.batch_alter_table('account') as batch_op:
        batch_op.drop_column('role')
        batch_op.drop_column('facility')


def downgrade() -> None:
    with _nobody_refers_to_accounts(), op.batch_alter_table('account') as batch_op:
        batch_op.add_column(sa.Column('facility', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('role', sa.String(), nullable=False, server_default='viewer'))
        batch_op.create_foreign_key(
            'account_facility', 'facility', ['organisation', 'facility'], ['organisation', 'id']
        )
    for column in ('role', 'facility'):
        op.execute(
            f'UPDATE account SET {column} = (SELECT r.{column} FROM account_role r'  # noqa: S608
            ' WHERE r.account = account.id ORDER BY r.id LIMIT 1)'
        )
    op.drop_table('account_role')
    op.drop_table('audit_head')
    op.drop_table('audit_entry')


@contextmanager
def _nobody_refers_to_accounts() -> Iterator[None]:
    """SQLite rebuilds the table and drops the old one, which no row may refer to; whoever is signed in signs in again."""
    op.execute('DELETE FROM login_session')
    kept = {}
    for name in ('api_token', 'account_role'):
        table = sa.Table(name, sa.MetaData(), autoload_with=op.get_bind())
        kept[table] = [dict(row) for row in op.get_bind().execute(sa.select(table)).mappings()]
        op.execute(sa.delete(table))
    yield
    for table, rows in kept.items():
        op.bulk_insert(table, rows)
