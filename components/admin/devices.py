"""Wall screens: the table of devices, and the forms that enrol one and command it from afar."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit, urlunsplit

import pandas as pd
import streamlit as st

from components.admin.person_form import reason_input
from components.layout.empty_state import empty_state
from components.layout.local_day import viewer_timezone, viewer_timezone_note
from components.tables.columns import columns_of
from components.tables.data_table import data_table
from components.text.escape import clean_line
from otklik.i18n import _, formats
from otklik.pages import SCREEN_PATH

MAX_ROWS_SHOWN = 12
"""The number of rows above which the table scrolls."""
MAX_SILENCE = timedelta(seconds=45)
"""A connected device is heard of every 15 seconds."""
COLUMN_WIDTHS = {
    "device": 150, "screen": 135, "state": 130, "connected_at": 118, "refreshed_at": 112, "version": 80,
    "shows": 245, "playlist": 125, "seen_at": 112,
}  # fmt: skip
CommandKind = Literal["assign", "reload", "revoke"]


class Enrolment(NamedTuple):
    """A submitted form: the person that a new device signs in as."""

    screen_id: int
    name: str
    reason: str


class DeviceCommand(NamedTuple):
    """A submitted form: what a device is to do. `playlist_id` is that chosen in the form, None for none."""

    kind: CommandKind
    device_id: int
    playlist_id: int | None
    reason: str


def device_table(rows: pd.DataFrame, as_of: datetime, current_build: str) -> None:
    """One row a device: since when it is there, when what it shows was last drawn, in which version of the page.

    `rows`: queries.screens.wall_screens; `current_build`: components.wall.screen_page.screen_build_id.
    """
    if rows.empty:
        empty_state(_("No wall screen is enrolled."))
        return
    timezone = viewer_timezone()
    records = rows.to_dict("records")
    moments: dict[str, Any] = {
        name: [at.astimezone(timezone) if pd.notna(at) else None for at in rows[name]]
        for name in ("connected_at", "refreshed_at", "seen_at")
    }
    data_table(
        rows.assign(
            name=rows["name"].map(clean_line),
            screen=rows["screen"].map(clean_line),
            state=[device_state(row, as_of) for row in records],
            version=[build_text(row["build"], current_build) for row in records],
            shows=rows["shows"].fillna("").map(clean_line),
            playlist=rows["playlist"].fillna(_("the wall")).map(clean_line),
            **moments,
        ),
        columns_of(COLUMN_WIDTHS),
        key="devices",
        max_rows_shown=MAX_ROWS_SHOWN,
        alt_text=_("Enrolled screens, the newest first, and the revoked ones after them"),
    )
    viewer_timezone_note()


def device_state(device: Mapping[Any, Any], as_of: datetime) -> str:
    """Whether a device is there, as a sign and a word. `device`: a row of the table."""
    if pd.notna(device["revoked_at"]):
        day = formats.day(device["revoked_at"].astimezone(viewer_timezone()))
        return "✕ " + _("revoked {day}").format(day=day)
    if pd.isna(device["seen_at"]):
        return "○ " + _("never connected")
    is_there = pd.notna(device["connected_at"]) and as_of - device["seen_at"] <= MAX_SILENCE
    return "● " + _("connected") if is_there else "▲ " + _("not connected")


def build_text(build: object, current_build: str) -> str:
    """Whether a device has the version of the page that this server has; empty where it has never said."""
    if not isinstance(build, str) or not build:
        return ""
    return _("current") if build == current_build else _("older")


def enrol_device_form(screens: pd.DataFrame) -> Enrolment | None:
    """A form that enrols a device; its values in the run after it is submitted.

    `screens`: queries.screens.screen_people.
    """
    if screens.empty:
        st.caption(_("Add a person with the role “Wall screen” first: a device signs in as one."))
        return None
    labels = {int(screen_id): clean_line(name) for screen_id, name in zip(screens["id"], screens["name"], strict=True)}
    with st.form("enrol", border=False):
        selected_id = st.selectbox(_("Signs in as"), list(labels), format_func=labels.__getitem__, key="enrol-screen")
        name = st.text_input(_("Name of the device"), key="enrol-name", max_chars=200)
        reason = reason_input("enrol-reason")
        submitted = st.form_submit_button(_("Enrol the device"), type="primary")
    return Enrolment(selected_id, name.strip(), reason) if submitted else None


def command_form(rows: pd.DataFrame, playlists: pd.DataFrame) -> DeviceCommand | None:
    """A form that has a device play another playlist, load again or be let in no more, once it is submitted.

    `rows`: queries.screens.wall_screens; `playlists`: queries.screens.playlists.
    """
    active_devices = rows[rows["revoked_at"].isna()]
    if active_devices.empty:
        st.caption(_("No device is let in."))
        return None
    labels = {
        int(row["id"]): f"{clean_line(row['name'])} · {clean_line(row['screen'])} · {row['id']}"
        for row in active_devices.to_dict("records")
    }
    names: dict[int | None, str] = {None: _("The wall of its territories")}
    names |= {int(row["id"]): clean_line(row["name"]) for row in playlists.to_dict("records")}
    with st.form("command", border=False):
        device_id = st.selectbox(_("Device"), list(labels), format_func=labels.__getitem__, key="command-device")
        playlist_id = st.selectbox(
            _("Playlist"),
            list(names),
            format_func=names.__getitem__,
            key="command-playlist",
        )
        reason = reason_input("command-reason")
        with st.container(horizontal=True, gap="small"):
            pressed: dict[CommandKind, bool] = {
                "assign": st.form_submit_button(_("Assign the playlist"), type="primary"),
                "reload": st.form_submit_button(_("Load its page again")),
                "revoke": st.form_submit_button(_("Revoke the device")),
            }
    kind = next((kind for kind, is_pressed in pressed.items() if is_pressed), None)
    return DeviceCommand(kind, device_id, playlist_id, reason) if kind else None


def device_link(secret: str) -> None:
    """The link that lets a newly enrolled device in; its secret is stored nowhere and never shown again."""
    page_url = urlsplit(st.context.url or "")
    path = page_url.path.rpartition("/")[0] + SCREEN_PATH
    device_url = urlunsplit((page_url.scheme, page_url.netloc, path, f"device={secret}", ""))
    st.success(_("The device is enrolled. Open this link on it; it is shown only now, and whoever has it is let in."))
    st.code(device_url, language=None, wrap_lines=True)
