"""The form of a playlist: its scenes in a table that is edited in place."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

import pandas as pd
import streamlit as st

from components.admin.person_form import reason_input
from components.layout import flash
from components.tables.editable_table import editable_table
from components.text.escape import clean_line
from components.url.links import viewer_params
from otklik.i18n import N_, _, formats
from otklik.pages import PAGES, SCREEN_PATH

WALL = "wall"
SCENE_TITLES = {WALL: N_("Wall")} | {page.id: page.title for page in PAGES.values() if "screen" in page.roles}
"""What a scene can be: the wall, or a page that is open to screens; by the path of its address."""
SCENE_WIDTH = 140  # pixels, for the longest title in any language
DEFAULT_SECONDS, MIN_SECONDS, MAX_SECONDS = 30, 5, 3600
NEVER_KEPT = ("device", "as", "embed", "playlist")
"""Names in an address that say who looks, and not at what."""
NEW_SCENES = [{"page": WALL, "query": "", "seconds": 60}]


class PlaylistFormResult(NamedTuple):
    """A submitted form: a new playlist (no id) or a changed one, or one to remove."""

    playlist_id: int | None
    seen_at: datetime | None
    name: str
    scenes: list[dict[str, Any]]
    is_jumping: bool
    reason: str
    removes: bool


def playlist_form(playlists: pd.DataFrame, territory_names: Mapping[str, str]) -> PlaylistFormResult | None:
    """Choose a playlist and change it, or make a new one; the values in the run after the form is submitted.

    `playlists`: queries.screens.playlists; `territory_names`: queries.people.territory_names.
    """
    rows = {int(row["id"]): row for row in playlists.to_dict("records")}
    labels = {None: _("A new playlist")} | {number: clean_line(row["name"]) for number, row in rows.items()}
    playlist_id = st.selectbox(_("Playlist"), list(labels), format_func=labels.__getitem__, key="playlist-id")
    row = rows.get(playlist_id) if playlist_id else None
    # A new form once anybody has changed the playlist, so that nobody overwrites what they haven't seen.
    key = f"playlist-{playlist_id}-{row['changed_at'].timestamp()}" if row else f"playlist-new-{flash.message_count()}"
    with st.form(key, border=False):
        name = st.text_input(_("Name"), row["name"] if row else "", key=f"{key}-name", max_chars=100)
        edited = _scene_editor(row["scenes"] if row else NEW_SCENES, territory_names, f"{key}-scenes")
        is_jumping = st.checkbox(
            _("Show a scene at once when one of its figures crosses “act”"),
            bool(row["is_jumping"]) if row else True,
            key=f"{key}-jumps",
        )
        reason = reason_input(f"{key}-reason")
        with st.container(horizontal=True, gap="small"):
            saves = st.form_submit_button(_("Save the playlist"), type="primary")
            removes = bool(row) and st.form_submit_button(_("Remove the playlist"))
    if row:
        _playlist_notes(row)
    if not saves and not removes:
        return None
    seen_at = row["changed_at"] if row else None
    return PlaylistFormResult(playlist_id, seen_at, name.strip(), scenes_of(edited), is_jumping, reason, removes)


def _playlist_notes(row: Mapping[Any, Any]) -> None:
    count = formats.number(row["devices"])
    address = f"{SCREEN_PATH}?{urlencode({'playlist': row['id'], **viewer_params()})}"
    st.caption(_("Screens that play it: {n}.").format(n=count))
    st.link_button(_("Play it here"), address, icon=":material/slideshow:", type="tertiary")


def _scene_editor(scenes: Sequence[Mapping[str, Any]], territory_names: Mapping[str, str], key: str) -> pd.DataFrame:
    scene_titles = {page: _(title) for page, title in SCENE_TITLES.items()}
    seconds_help = _("From {low} to {high}").format(low=formats.number(MIN_SECONDS), high=formats.number(MAX_SECONDS))
    return editable_table(
        scene_rows(scenes),
        {
            "page": st.column_config.SelectboxColumn(
                _("Scene"),
                options=list(scene_titles),
                format_func=lambda page: scene_titles.get(str(page), str(page)),
                required=True,
                width=SCENE_WIDTH,
            ),
            "territory": st.column_config.SelectboxColumn(
                _("Territory"),
                options=list(territory_names),
                format_func=lambda code: clean_line(territory_names.get(str(code), str(code))),
                width="medium",
            ),
            "filters": st.column_config.TextColumn(
                _("Other filters"),
                help=_("As in an address, which may be pasted whole: topic=roads&theme=light"),
                max_chars=2000,
                width="large",
            ),
            "seconds": st.column_config.NumberColumn(
                _("Seconds"),
                min_value=MIN_SECONDS,
                max_value=MAX_SECONDS,
                step=1,
                default=DEFAULT_SECONDS,
                required=True,
                width=110,  # the sign for an editable column stands beside the head
                help=seconds_help,
            ),
        },
        key=key,
        alt_text=_("The scenes of the playlist in their order"),
    )


def scene_rows(scenes: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Scenes as rows of the editor: page, territory (its code), filters (the rest of the query) and seconds."""
    queries = [dict(parse_qsl(scene["query"])) for scene in scenes]
    territories = [params.pop("territory", None) for params in queries]
    return pd.DataFrame(
        {
            "page": [scene["page"] for scene in scenes],
            "territory": pd.Series(territories, dtype=object),
            "filters": [urlencode(params) for params in queries],
            "seconds": [int(scene["seconds"]) for scene in scenes],
        }
    )


def scenes_of(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """The scenes of the editor's rows; empty rows are left out."""
    scenes = []
    for row in rows.to_dict("records"):
        if not isinstance(row["page"], str) or not row["page"]:
            continue
        text = row["filters"].strip() if isinstance(row["filters"], str) else ""
        query = urlsplit(text).query if "?" in text else text
        params = {name: value for name, value in parse_qsl(query) if name not in NEVER_KEPT}
        if isinstance(row["territory"], str) and row["territory"]:
            params["territory"] = row["territory"]
        seconds = DEFAULT_SECONDS if pd.isna(row["seconds"]) else int(row["seconds"])
        scenes.append({"page": row["page"], "query": urlencode(params), "seconds": seconds})
    return scenes
