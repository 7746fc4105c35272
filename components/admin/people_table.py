"""The table of people, the search box, and the selection of the person to change, which is kept in the URL."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from components.auth.user_menu import ROLE_LABELS
from components.layout.empty_state import empty_list
from components.layout.local_day import viewer_timezone, viewer_timezone_note
from components.streamlit_compat.url_widget import url_widget_key
from components.tables.cell_click import CellClick
from components.tables.columns import columns_of
from components.tables.data_table import data_table
from components.text.escape import clean_line
from components.url import query_params
from components.url.choice import write_choice
from otklik.i18n import _

MAX_ROWS_SHOWN = 12
"""The number of rows above which the table scrolls."""


def people_table(rows: pd.DataFrame, territory_names: dict[str, str]) -> None:
    """One row a person, by name; a click on a name puts their id into the URL.

    `rows`: queries.people.matching_people; `territory_names`: queries.people.territory_names.
    """
    if rows.empty:
        empty_list(_("Nobody has this in their name or e-mail."), "people", ("find",))
        return
    ids = [int(person_id) for person_id in rows["id"]]

    def select_person(position: int) -> None:
        query_params.write(person=str(ids[position]))

    timezone = viewer_timezone()
    data_table(
        rows.assign(
            name=rows["name"].map(clean_line),
            email=rows["email"].map(clean_line, na_action="ignore"),
            role=[_(ROLE_LABELS[role]) for role in rows["role"]],
            sees=[territories_label(row, territory_names) for row in rows.to_dict("records")],
            state=[_("active") if active else _("disabled") for active in rows["is_active"]],
            changed_at=[at.astimezone(timezone) for at in rows["changed_at"]],
        ),
        columns_of({"name": 230, "email": 240, "role": 150, "sees": 330, "state": 110, "changed_at": 120}),
        key="roll",
        max_rows_shown=MAX_ROWS_SHOWN,
        cell_click=CellClick("name", select_person, _("Change a person")),
        alt_text=_("People, by name; a name opens what can be changed"),
    )
    viewer_timezone_note()


def territories_label(person: Mapping[Any, Any], territory_names: dict[str, str]) -> str:
    """The names of a person's territories; `Everywhere` or `Nowhere`. `person`: a row of the table."""
    if person["everywhere"]:
        return _("Everywhere")
    return ", ".join(clean_line(territory_names.get(code, code)) for code in person["territories"]) or _("Nowhere")


def person_search_box() -> str:
    """A search box for names and e-mails; its text, which is kept in the URL."""
    key = url_widget_key("seek", query_params.read_text("find", 100))
    return st.text_input(
        _("Find by name or e-mail"),
        key=key,
        max_chars=100,
        icon=":material/search:",
        on_change=write_choice,
        args=("find", key),
        width=360,
    )


def person_selectbox(rows: pd.DataFrame) -> int | None:
    """A select box of people; the id from the URL or else the first, None without anybody."""
    labels = {int(row["id"]): person_label(str(row["name"]), row["email"]) for row in rows.to_dict("records")}
    if not labels:
        return None
    first, *_others = labels
    person_ids = [str(person_id) for person_id in labels]
    key = url_widget_key("chosen-person", int(query_params.read("person", person_ids, str(first))), labels)
    return st.selectbox(
        _("Person"),
        list(labels),
        format_func=labels.__getitem__,
        key=key,
        on_change=write_choice,
        args=("person", key, None),
    )


def person_label(name: str, email: object) -> str:
    """A person as an option of a select box: name and e-mail."""
    return f"{clean_line(name)} · {clean_line(email)}" if isinstance(email, str) and email else clean_line(name)
