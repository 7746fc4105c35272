"""Enrolled screens, their playlists and the thresholds of the wall, and the functions that change them."""

import pandas as pd

from otklik.database.access import devices, people, playlists
from otklik.database.access.devices import assign_playlist, enrol_device, reload_device, revoke_device
from otklik.database.access.playlists import delete_playlist, playlist_from_row, save_playlist
from otklik.database.access.wall_thresholds import save_threshold
from queries.metrics.catalogue import METRICS
from queries.wall.current_thresholds import current_thresholds, stored_thresholds
from queries.wall.thresholds import FIGURE_UNITS

__all__ = [
    "all_playlists",
    "assign_playlist",
    "delete_playlist",
    "enrol_device",
    "playlist_from_row",
    "reload_device",
    "revoke_device",
    "save_playlist",
    "save_threshold",
    "screen_people",
    "threshold_figures",
    "threshold_rows",
    "wall_screens",
]


def wall_screens() -> pd.DataFrame:
    """One row a device; columns: otklik.database.access.devices.all_devices."""
    return devices.all_devices()


def all_playlists() -> pd.DataFrame:
    """One row a playlist, by name; columns: otklik.database.access.playlists.all_playlists."""
    return playlists.all_playlists()


def screen_people() -> pd.DataFrame:
    """The active people that devices can sign in as, by name: id and name."""
    rows = people.all_people()
    return rows.loc[(rows["role"] == "screen") & rows["is_active"], ["id", "name"]].reset_index(drop=True)


def threshold_figures() -> dict[str, str]:
    """The names of the figures that have thresholds, to translate, by metric."""
    return {figure: METRICS[figure].name for figure in FIGURE_UNITS}


def threshold_rows() -> pd.DataFrame:
    """One row a figure and territory for which numbers stand: those for all territories first.

    Columns: figure, name (to translate), territory (its code, empty for all), watch, act, unit (of FIGURE_UNITS),
    is_stored (set by an administrator; otherwise from the file).
    """
    stored = {(row["figure"], row["territory"]) for row in stored_thresholds().to_dict("records")}
    return pd.DataFrame(
        [
            (figure, METRICS[figure].name, code, level.watch, level.act, FIGURE_UNITS[figure], (figure, code) in stored)
            for figure, by_territory in current_thresholds().by_figure.items()
            for code, level in sorted(by_territory.items())
        ],
        columns=["figure", "name", "territory", "watch", "act", "unit", "is_stored"],
    )
