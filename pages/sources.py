"""Data sources, from which appeals come in by themselves: their state, their runs, and commanding one."""

from components.actions.error_messages import refusal_boundary
from components.admin import data_sources, file_imports
from components.filters.ignored import ignored_filters_note
from components.layout import flash
from components.layout.auto_refresh import auto_refresh, live_fragment
from components.panel import card, panel
from components.url import query_params
from otklik.access import guard
from otklik.i18n import _
from queries import data_sources as data_source_queries
from queries import live_page

viewer = guard.require("sources")
rows = data_source_queries.all_data_sources()
query_params.check(source=list(rows["name"]))
ignored_filters_note()
flash.show_message()


@live_fragment(viewer, live_page.data_sources_state)
def sources_panel() -> None:
    """The data sources."""
    with panel(_("Data sources")):
        data_sources.data_source_table(data_source_queries.all_data_sources())


@live_fragment(viewer, live_page.data_sources_state)
def runs_panel() -> None:
    """The runs of the data source that is chosen."""
    with panel(_("Runs of {name}").format(name=source["name"])):
        data_sources.run_table(data_source_queries.recorded_runs(int(source["id"])))


@live_fragment(viewer, live_page.data_sources_state)
def imports_panel() -> None:
    """The files that were imported."""
    with panel(_("Imported files")):
        file_imports.file_import_table(data_source_queries.imported_files())


auto_refresh(viewer, live_page.subscribe_to_data_sources, lambda: None, live_page.is_database_away)
sources_panel()
if not rows.empty:
    with card(_("Command a data source")):
        name = data_sources.source_selectbox(rows)
        source = rows[rows["name"] == name].to_dict("records")[0]
        data_sources.error_note(source)
        if command := data_sources.command_form(source):
            with refusal_boundary():
                if command.kind == "run":
                    data_source_queries.run_data_source(command.source_id, command.reason)
                    flash.rerun_with_message(_("It runs within seconds, while `otklik run` serves."))
                pauses = command.kind == "pause"
                data_source_queries.pause_data_source(command.source_id, pauses=pauses, reason=command.reason)
                paused, resumed = _("Paused: {name}."), _("Goes on: {name}.")
                flash.rerun_with_message(paused if pauses else resumed, source["name"])
        flash.audit_link(f"data-source {name}")
    runs_panel()
imports_panel()
