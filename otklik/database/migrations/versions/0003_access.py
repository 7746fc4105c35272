"""Who may see what: people, territories and devices; row security; the audit.

The screens connect as `otklik_app`, a role without a right that they don't need. Which rows a transaction sees follows
from the person that it names (`otklik.person`), by the database's own tables of people; without one there are no rows.
"""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the people, the audit, and last the row security that rests on them."""
    for subject in ("role", "people", "audit", "scope", "administration", "rights"):
        text = Path(__file__).with_name(f"0003_{subject}.sql").read_text(encoding="utf-8")
        op.get_bind().exec_driver_sql(text)


def downgrade() -> None:
    """Refuse: going back would show every row to everybody."""
    raise NotImplementedError
