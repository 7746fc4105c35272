"""Moving appeals: each action is judged appeal by appeal, carried out once, and recorded.

`operations` keeps what was done, `judging` says what an action would do to an appeal or why not, `carrying` sets and
tells it, `handling` is what the screens call.
"""

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the record of operations, and the functions that the screens act through."""
    for subject in ("operations", "judging", "carrying", "handling"):
        text = Path(__file__).with_name(f"0005_{subject}.sql").read_text(encoding="utf-8")
        op.get_bind().exec_driver_sql(text)


def downgrade() -> None:
    """Refuse: what was recorded since would be lost."""
    raise NotImplementedError
