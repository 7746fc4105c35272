"""Wall screens: the table of devices, and the forms that enrol and revoke one."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
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

MAX_ROWS_SHOWN = 8
"""The number of rows above which the table scrolls."""


class DeviceFormResult(NamedTuple):
    """A submitted form. `target_id`: the person that a new device signs in as, or the device to revoke."""

    target_id: int
    name: str
    reason: str


def device_table(rows: pd.DataFrame) -> None:
    """One row a device, newest first. `rows`: queries.people.wall_screens."""
    if rows.empty:
        empty_state(_("No wall screen is enrolled."))
        return
    timezone = viewer_timezone()
    data_table(
        rows.assign(
            name=rows["name"].map(clean_line),
            screen=rows["screen"].map(clean_line),
            enrolled_at=[at.astimezone(timezone) for at in rows["enrolled_at"]],
            state=[
                _("lets in") if pd.isna(at) else _("revoked {day}").format(day=formats.day(at.astimezone(timezone)))
                for at in rows["revoked_at"]
            ],
        ),
        tuple(
            replace(column, texts=time_since_seen) if column.key == "seen_at" else column
            for column in columns_of({"device": 240, "screen": 200, "enrolled_at": 120, "seen_at": 130, "state": 180})
        ),
        key="devices",
        max_rows_shown=MAX_ROWS_SHOWN,
        alt_text=_("Devices of wall screens, the newest first"),
    )
    viewer_timezone_note()


def time_since_seen(rows: pd.DataFrame, as_of: datetime) -> list[str]:
    """How long ago each device was seen last."""
    return [_("never") if pd.isna(at) else formats.relative_time(at, as_of) for at in rows["seen_at"]]


def enrol_device_form(people: pd.DataFrame) -> DeviceFormResult | None:
    """A form that enrols a device; its values in the run after it is submitted.

    `people`: queries.people.matching_people.
    """
    screens = people[(people["role"] == "screen") & people["is_active"]]
    if screens.empty:
        st.caption(_("Add a person with the role “Wall screen” first: a device signs in as one."))
        return None
    labels = {int(screen_id): clean_line(name) for screen_id, name in zip(screens["id"], screens["name"], strict=True)}
    with st.form("enrol", border=False):
        selected_id = st.selectbox(_("Signs in as"), list(labels), format_func=labels.__getitem__, key="enrol-screen")
        name = st.text_input(_("Name of the device"), key="enrol-name", max_chars=200)
        reason = reason_input("enrol-reason")
        submitted = st.form_submit_button(_("Enrol the device"), type="primary")
    return DeviceFormResult(selected_id, name.strip(), reason) if submitted else None


def revoke_device_form(rows: pd.DataFrame) -> DeviceFormResult | None:
    """A form that revokes a device; its values in the run after it is submitted.

    `rows`: queries.people.wall_screens.
    """
    active_devices = rows[rows["revoked_at"].isna()]
    if active_devices.empty:
        st.caption(_("There is no device to revoke."))
        return None
    device_rows = zip(active_devices["id"], active_devices["name"], active_devices["screen"], strict=True)
    labels = {
        int(device_id): f"{clean_line(name)} · {clean_line(screen)} · {device_id}"
        for device_id, name, screen in device_rows
    }
    with st.form("revoke", border=False):
        selected_id = st.selectbox(_("Device"), list(labels), format_func=labels.__getitem__, key="revoke-device")
        reason = reason_input("revoke-reason")
        submitted = st.form_submit_button(_("Revoke the device"))
    return DeviceFormResult(selected_id, "", reason) if submitted else None


def device_link(secret: str) -> None:
    """The link that lets a newly enrolled device in; its secret is stored nowhere and never shown again."""
    page_url = urlsplit(st.context.url or "")
    device_url = urlunsplit(
        (page_url.scheme, page_url.netloc, page_url.path.rpartition("/")[0] + "/", f"device={secret}", "")
    )
    st.success(_("The device is enrolled. Open this link on it; it is shown only now, and whoever has it is let in."))
    st.code(device_url, language=None, wrap_lines=True)
