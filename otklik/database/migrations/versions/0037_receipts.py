"""Receipts: an applicant follows an appeal by its number and a secret, rates the answer, and has it re-opened.

The page of applicants connects as `otklik_citizen`, a role that may call five functions and read no table.
"""

from pathlib import Path

from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    """Add receipts, visits and verdicts, and the functions that the page calls. `schema.complete_rights` grants them."""
    for name in ("0037_receipts.sql", "0037_visits.sql"):
        op.get_bind().exec_driver_sql(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
