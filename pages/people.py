"""People and their roles and territories."""

import streamlit as st

from components.actions.error_messages import refusal_boundary
from components.admin import people_table, person_form
from components.filters.ignored import ignored_filters_note
from components.layout import flash
from components.layout.auto_refresh import auto_refresh, live_fragment
from components.panel import card
from otklik.access import guard
from otklik.i18n import _
from queries import live_page, people

viewer = guard.require("people")
ignored_filters_note()
flash.show_message()
territory_names = people.territory_names(viewer.language)
all_people = people.matching_people()


@live_fragment(viewer, live_page.people_state)
def people_list() -> None:
    """The people who match the search."""
    people_table.people_table(people.matching_people(search_text), territory_names)


auto_refresh(viewer, live_page.subscribe_to_people, lambda: None, live_page.is_database_away)
with card(_("People")):
    search_text = people_table.person_search_box()
    people_list()

left, right = st.columns(2)
with left, card(_("Change a person")):
    person_id = people_table.person_selectbox(all_people)
    if person_id is not None:
        person = all_people[all_people["id"] == person_id].to_dict("records")[0]
        for submission in (person_form.edit_person_form(person, territory_names), person_form.activation_form(person)):
            if submission and not submission.values:
                st.info(_("Nothing was changed: all of it stands there already."))
            elif submission:
                with refusal_boundary():
                    people.change_person(person_id, submission.reason, **submission.values)
                    flash.rerun_with_message(_("Changed: {name}."), person["name"])
        flash.audit_link(f"person {person_id}")
with right, card(_("Add a person")):
    new_person = person_form.add_person_form(territory_names)
    if new_person:
        with refusal_boundary():
            people.add_person(new_person.reason, **new_person.values)
            flash.rerun_with_message(_("Added: {name}."), new_person.values["name"])
