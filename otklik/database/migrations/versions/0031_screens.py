"""Wall screens from afar: what each enrolled device shows, playlists that they play, and thresholds of their figures.

A playlist is a list of scenes: a page or a wall, the query of its address, and for how many seconds it is shown.
Devices report what they show; a table of their own keeps those reports from waking every screen, as a changed device
does. Thresholds are reference data: a changed one is announced like a changed name.
"""

from pathlib import Path

from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Keep playlists, reports and thresholds."""
    op.get_bind().exec_driver_sql(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse, as all others do."""
    raise NotImplementedError
