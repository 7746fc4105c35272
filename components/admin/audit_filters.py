"""The filters of the audit and its pager; their state is kept in the URL."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

import pandas as pd
import streamlit as st

from components.admin.audit_labels import action_label
from components.admin.audit_objects import object_code
from components.filters.periods import RunningDays
from components.filters.select import filter_selectbox, period_filter
from components.layout.local_day import viewer_midnight, viewer_timezone, viewer_today
from components.layout.narrow_screen import FILTERS_KEY, filters_toggle
from components.streamlit_compat.url_widget import url_widget_key
from components.text.escape import clean_line
from components.url import query_params
from components.url.choice import write_choice
from otklik.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping

S = TypeVar("S")
NOBODY_CODE = "0"
"""The option for entries without a person: made on the console, or before anybody signed in."""
AUDIT_PARAMS = ("period", "from", "to", "by", "action", "object", "text", "before", "after", "entry")
"""The query parameters of this page."""
CURSOR_PARAMS = ("before", "after", "entry")
"""Those that change with the page of the table and the entry shown."""


def audit_filter_bar(
    person_names: "Mapping[int, str]",
    actions: list[str],
    first_recorded: datetime | None,
    make_filters: Callable[..., S],
) -> S:
    """Draw the filters; returns what `make_filters` (queries.audit.AuditFilter) makes of them.

    Unknown values in the URL are ignored with a note. `person_names`: queries.people.person_names; `actions`:
    queries.audit.recorded_actions; `first_recorded`: queries.audit.first_entry_at.
    """
    filters_toggle()
    with st.container(key=FILTERS_KEY):
        period_column, person_column, action_column, object_column, text_column, reset_column = st.columns(
            [3.2, 3.4, 3.4, 2.8, 2.8, 0.9], gap="xsmall"
        )
    with period_column:
        start, end = audit_period(first_recorded)
    with person_column:
        person_options = {str(number): clean_line(name) for number, name in person_names.items()}
        person_code = option_filter(
            "by", _("Who"), _("Everybody"), {**person_options, NOBODY_CODE: _("Console, or nobody signed in")}
        )
    with action_column:
        action_code = option_filter(
            "action", _("What"), _("All actions"), {name: action_label(name) for name in actions}
        )
    with object_column:
        object_text = text_filter("object", _("Object: person 5"))
    with text_column:
        text = text_filter("text", _("Text in it"))
    reset_column.button(
        "",
        icon=":material/restart_alt:",
        help=_("Reset the filters"),
        type="tertiary",
        on_click=lambda: query_params.write(**dict.fromkeys(AUDIT_PARAMS)),
        key="reset",
        disabled=not any(name in st.query_params for name in AUDIT_PARAMS),
    )
    filters = make_filters(
        start=start,
        end=end,
        person=int(person_code) if person_code else None,
        action=action_code,
        object=object_code(object_text) if object_text else None,
        text=text,
    )
    # Changed filters start on the first page.
    if st.session_state.setdefault("sought", filters) != filters:
        st.session_state["sought"] = filters
        query_params.write(**dict.fromkeys(CURSOR_PARAMS))
    return filters


def audit_period(first_recorded: datetime | None) -> tuple[datetime | None, datetime | None]:
    """Start and end of the half-open period, midnights in the viewer's time zone; None for both without a limit."""
    timezone, current_day = viewer_timezone(), viewer_today()
    first_day = first_recorded.astimezone(timezone).date() if first_recorded else current_day
    # Entries aren't compared with those of other days, and the newest matter most: whole weeks include today.
    running = RunningDays(current_day + timedelta(days=1), current_day)
    start, end, preset = period_filter(min(first_day, current_day), current_day, running)
    if preset == "all":
        return None, None
    return viewer_midnight(start), viewer_midnight(end)


def option_filter(param: str, label: str, all_label: str, options: dict[str, str]) -> str | None:
    """A select box whose code is kept in the URL; None for all."""
    rows = pd.DataFrame({"code": list(options), "name": list(options.values())})
    return filter_selectbox(param, label, all_label, rows)


def text_filter(param: str, label: str) -> str | None:
    """A text box whose text is kept in the URL; None when it is empty."""
    key = url_widget_key(f"typed-{param}", query_params.read_text(param))
    value = st.text_input(
        label,
        key=key,
        placeholder=label,
        label_visibility="collapsed",
        max_chars=200,
        on_change=write_choice,
        args=(param, key),
    )
    return value.strip() or None


def entry_pager(ids: list[int], *, older: bool, newer: bool) -> None:
    """Buttons to newer and older entries. `ids`: those of the entries shown, newest first."""
    with st.container(horizontal=True, gap="small"):
        last_id, first_id = (str(ids[-1]), str(ids[0])) if ids else (None, None)
        pager_button("newest", _("Newest"), newer, before=None, after=None)
        pager_button("newer", _("Newer"), newer and bool(ids), before=None, after=first_id)
        pager_button("older", _("Older"), older and bool(ids), before=last_id, after=None)


def pager_button(name: str, label: str, enabled: bool, **cursor_params: str | None) -> None:  # noqa: FBT001 -- whether there is such a page
    """A button that writes the cursor of another page into the URL."""
    st.button(
        label,
        disabled=not enabled,
        on_click=lambda: query_params.write(entry=None, **cursor_params),
        key=f"step-{name}",
    )
