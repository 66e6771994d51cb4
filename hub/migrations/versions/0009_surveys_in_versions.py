"""Surveys of a facility in versions, with the clinic's own words; entries of clients served can be taken back"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

RENAMED = {'smileys4': 'visit', 'smileys5': 'visit_five'}


def upgrade() -> None:
    op.drop_table('question')  # neither was ever written to
    op.drop_table('survey')
    op.create_table('survey',
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('mode', sa.String(), nullable=False),
    sa.Column('texts', sa.Text(), nullable=False),
    sa.Column('consent', sa.String(), nullable=False),
    sa.Column('changed_by', sa.String(), nullable=False),
    sa.Column('at_ms', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('organisation', 'facility', 'id', 'version')
    )
    op.create_table('served_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=False),
    sa.Column('entered_by', sa.String(), nullable=False),
    sa.Column('at_ms', sa.BigInteger(), nullable=False),
    sa.Column('replaced', sa.Text(), nullable=False),
    sa.Column('undone_ms', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    _rename(RENAMED)


def downgrade() -> None:
    _rename({new: old for old, new in RENAMED.items()})
    op.drop_table('served_entry')
    op.drop_table('survey')
    op.create_table('survey',
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('facility', sa.String(), nullable=True),
    sa.Column('title', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('organisation', 'id', 'version')
    )
    op.create_table('question',
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('survey', sa.String(), nullable=False),
    sa.Column('survey_version', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('facility', sa.String(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('organisation', 'survey', 'survey_version', 'id')
    )


def _rename(codes: dict[str, str]) -> None:
    """What a touchpoint asks is now named by the survey's own code."""
    for old, new in codes.items():
        stored = sa.text("UPDATE touchpoint SET survey = :new WHERE survey = :old")
        op.get_bind().execute(stored.bindparams(new=new, old=old))
