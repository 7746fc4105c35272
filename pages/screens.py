"""The wall screens from afar: which are there, what they play, and when their figures say "act"."""

from datetime import UTC, datetime

import streamlit as st

from components.actions.error_messages import refusal_boundary
from components.admin import devices, playlists, thresholds
from components.filters.ignored import ignored_filters_note
from components.layout import flash
from components.layout.auto_refresh import auto_refresh, live_fragment
from components.panel import card
from components.wall.screen_page import screen_build_id
from otklik.access import guard
from otklik.i18n import _
from queries import live_page, people, screens

viewer = guard.require("screens")
ignored_filters_note()
flash.show_message()
territory_names = people.territory_names(viewer.language)


@live_fragment(viewer, live_page.screens_state)
def screens_card() -> None:
    """The enrolled screens."""
    with card(_("Enrolled screens")):
        devices.device_table(screens.wall_screens(), datetime.now(UTC), screen_build_id())


auto_refresh(viewer, live_page.subscribe_to_screens, lambda: None, live_page.is_database_away)
screens_card()
left, right = st.columns(2)
with left, card(_("Command a screen")):
    command = devices.command_form(screens.wall_screens(), screens.all_playlists())
    if command:
        with refusal_boundary():
            match command.kind:
                case "assign":
                    screens.assign_playlist(command.device_id, command.playlist_id, command.reason)
                    flash.rerun_with_message(_("The screen plays it from now on."))
                case "reload":
                    screens.reload_device(command.device_id, command.reason)
                    flash.rerun_with_message(_("The screen loads its page again."))
                case "revoke":
                    screens.revoke_device(command.device_id, command.reason)
                    flash.rerun_with_message(_("The device is let in no more."))
with right, card(_("Enrol a screen")):
    if enrolment := devices.enrol_device_form(screens.screen_people()):
        with refusal_boundary():
            devices.device_link(screens.enrol_device(enrolment.screen_id, enrolment.name, enrolment.reason))
with card(_("Playlists")):
    if form := playlists.playlist_form(screens.all_playlists(), territory_names):
        with refusal_boundary():
            if form.playlist_id and form.removes:
                screens.delete_playlist(form.playlist_id, form.reason)
            else:
                playlist = screens.playlist_from_row(form.name, form.scenes, is_jumping=form.is_jumping)
                screens.save_playlist(form.playlist_id, form.seen_at, playlist, form.reason)
            flash.rerun_with_message(_("Removed: {name}.") if form.removes else _("Saved: {name}."), form.name)
with card(_("When the wall says “watch” and “act”")):
    levels = screens.threshold_rows()
    thresholds.threshold_table(levels, territory_names)
    if change := thresholds.threshold_form(screens.threshold_figures(), territory_names, levels):
        with refusal_boundary():
            screens.save_threshold(change.figure, change.territory, change.levels, change.reason)
            flash.rerun_with_message(_("The thresholds hold from now on."))
