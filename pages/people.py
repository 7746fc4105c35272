"""People and their roles and territories, and the wall screens."""

import streamlit as st

from components.actions.error_messages import refusal_boundary
from components.admin import devices, people_table, person_form
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
def people_card() -> None:
    """The people who match the search."""
    with card(_("People")):
        people_table.people_table(people.matching_people(people_table.person_search_box()), territory_names)


@live_fragment(viewer, live_page.people_state)
def screens_table() -> None:
    """The devices of wall screens."""
    devices.device_table(people.wall_screens())


auto_refresh(viewer, live_page.subscribe_to_people, lambda: None, live_page.is_database_away)
people_card()

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

with card(_("Wall screens")):
    device_area = st.container()
    left, right = st.columns(2)
    with left:
        enrolment = devices.enrol_device_form(all_people)
        if enrolment:
            with refusal_boundary():
                devices.device_link(people.enrol_device(enrolment.target_id, enrolment.name, enrolment.reason))
    with right:
        revocation = devices.revoke_device_form(people.wall_screens())
        if revocation:
            with refusal_boundary():
                people.revoke_device(revocation.target_id, revocation.reason)
                flash.rerun_with_message(_("The device is let in no more."))
    with device_area:
        screens_table()
