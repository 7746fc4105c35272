"""How many browsers are connected to this process.

Streamlit tells it by its own `/_stcore/metrics` alone, which stays closed to visitors. A public way to ask replaces
this module.
"""

from streamlit.runtime import Runtime
from streamlit.runtime.stats import ACTIVE_SESSIONS_FAMILY, GaugeStat


def active_session_count() -> int:
    """Sessions with a browser connected to them; 0 where no server runs."""
    if not Runtime.exists():
        return 0
    stats = Runtime.instance().stats_mgr.get_stats([ACTIVE_SESSIONS_FAMILY])[ACTIVE_SESSIONS_FAMILY]
    return sum(int(stat.value) for stat in stats if isinstance(stat, GaugeStat))
