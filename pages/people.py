"""People and roles: who is let in, what they may and see; and the wall screens."""

import streamlit as st

from components import access, devices, done, person_form, roll
from components.card import card
from components.refused import refused
from components.words import _
from queries import people

viewer = access.require("people")
done.told()
places = people.territories(viewer.language)
everybody = people.listed()

with card(_("People")):
    roll.roll(people.listed(roll.search()), places)

left, right = st.columns(2)
with left, card(_("Change a person")):
    chosen = roll.pick(everybody)
    if chosen is not None:
        person = everybody[everybody["id"] == chosen].to_dict("records")[0]
        for filled in (person_form.changing(person, places), person_form.switching(person)):
            if filled and not filled.facts:
                st.info(_("Nothing was changed: all of it stands there already."))
            elif filled:
                with refused():
                    people.change(chosen, filled.reason, **filled.facts)
                    done.tell(_("Changed: {name}."), person["name"])
        done.history(f"person {chosen}")
with right, card(_("Add a person")):
    new = person_form.adding(places)
    if new:
        with refused():
            people.add(new.reason, **new.facts)
            done.tell(_("Added: {name}."), new.facts["name"])

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
                done.tell(_("The device is let in no more."))
    with table:
        devices.devices(people.screens())
