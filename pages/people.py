"""People and roles: who is let in, what they may and see; and the wall screens."""

import streamlit as st

from components.actions.error_messages import refused
from components.admin import devices, people_table, person_form
from components.auth import guard
from components.layout import flash
from components.layout.card import card
from otklik.i18n import _
from queries import people

viewer = guard.require("people")
flash.told()
places = people.territories(viewer.language)
everybody = people.listed()

with card(_("People")):
    people_table.roll(people.listed(people_table.search()), places)

left, right = st.columns(2)
with left, card(_("Change a person")):
    chosen = people_table.pick(everybody)
    if chosen is not None:
        person = everybody[everybody["id"] == chosen].to_dict("records")[0]
        for filled in (person_form.changing(person, places), person_form.switching(person)):
            if filled and not filled.facts:
                st.info(_("Nothing was changed: all of it stands there already."))
            elif filled:
                with refused():
                    people.change(chosen, filled.reason, **filled.facts)
                    flash.tell(_("Changed: {name}."), person["name"])
        flash.history(f"person {chosen}")
with right, card(_("Add a person")):
    new = person_form.adding(places)
    if new:
        with refused():
            people.add(new.reason, **new.facts)
            flash.tell(_("Added: {name}."), new.facts["name"])

with card(_("Wall screens")):
    table = st.container()
    left, right = st.columns(2)
    with left:
        wanted = devices.enrolling(everybody)
        if wanted:
            with refused():
                devices.link(people.enrol(wanted.of, wanted.name, wanted.reason))
    with right:
        unwanted = devices.revoking(people.screens())
        if unwanted:
            with refused():
                people.revoke(unwanted.of, unwanted.reason)
                flash.tell(_("The device is let in no more."))
    with table:
        devices.devices(people.screens())
