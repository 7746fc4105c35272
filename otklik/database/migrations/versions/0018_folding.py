"""Whoever writes appeals may fold accents: the index of their texts is made with it, and it reads no table."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Grant it to everybody."""
    op.execute("GRANT EXECUTE ON FUNCTION fold_accents TO PUBLIC")


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
