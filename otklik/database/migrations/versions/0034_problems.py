"""Problems: what lasts in a territory and topic, who owns it, what is decided about it, and what is to be done by when.

Linked appeals have no rows: they are those of the problem's topic and territory, and all below both, received since its
first day. What happened to a problem is append-only; its present state is written by functions alone.
"""

from pathlib import Path

from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Add problems, their remedies and their history, and the functions that change them."""
    for name in ("0034_problems.sql", "0034_deciding.sql", "0034_remedies.sql"):
        op.get_bind().exec_driver_sql(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
