"""Discussions: comments in threads, reactions to them, moderation, official answers, and the cubes of their counts.

A participant is a keyed hash of person and discussion. Screens read comments and counts, never who wrote or reacted.
"""

from pathlib import Path

from alembic import op

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    """Add discussions and what people say in them, the cubes and what keeps them, and the functions that write."""
    for name in (
        "0038_discussions.sql",
        "0038_discussion_cubes.sql",
        "0038_commenting.sql",
        "0038_moderation.sql",
    ):
        op.get_bind().exec_driver_sql(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
