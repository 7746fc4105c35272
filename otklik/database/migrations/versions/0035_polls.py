"""Polls: their questions, the ballots and answers without any identity, and the cubes that screens read of them.

A ballot names its voter by a keyed hash of the poll alone. Screens read polls and counts, never a ballot or an answer.
"""

from pathlib import Path

from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Add polls, ballots and answers, the cubes and what keeps them, and the functions that cast and withdraw a vote."""
    for name in ("0035_polls.sql", "0035_poll_cubes.sql", "0035_voting.sql"):
        op.get_bind().exec_driver_sql(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
