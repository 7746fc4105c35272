"""The applicant's personal data: shown on request, for a recorded reason, and hidden again within a minute."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from components.layout.error_boundary import error_boundary
from components.text.escape import clean_text
from otklik.errors import DatabaseRefusal
from otklik.i18n import _

if TYPE_CHECKING:
    from components.auth.viewer import Viewer
    from otklik.database.access.applicants import PersonalData

VISIBLE_SECONDS = 60
"""How long personal data stay on the screen."""


@st.fragment
def applicant_form(
    viewer: "Viewer", appeal_key: tuple[int, int], load_personal_data: Callable[[int, int, str], "PersonalData"]
) -> None:
    """A form that shows the applicant for a reason; a sentence for a viewer without the right.

    `load_personal_data` records the reason in the audit: otklik.database.access.applicants.personal_data_of.
    """
    viewer.enter_scope()
    if not viewer.may("personal_data"):
        st.caption(_("Personal data are not shown to your role."))
        return
    with st.form(f"applicant-{appeal_key[0]}-{appeal_key[1]}", clear_on_submit=True, border=False):
        reason = st.text_input(_("Why do you need to know who sent it?"), max_chars=300)
        submitted = st.form_submit_button(_("Show the applicant"), icon=":material/visibility:")
    st.caption(_("Each look is recorded with your name and the reason; it is hidden again after a minute."))
    if not submitted:
        return
    if not reason.strip():
        st.error(_("Write the reason first."))
        return
    with error_boundary():
        try:
            revealed_once = [load_personal_data(*appeal_key, reason)]
        except DatabaseRefusal:
            st.error(_("The database refused to show it."))
            return
        applicant_details(revealed_once)


@st.fragment(run_every=VISIBLE_SECONDS)
def applicant_details(revealed_once: "list[PersonalData]") -> None:
    """The applicant's data and the whole text, taken out of the list when drawn: the fragment's next run hides them."""
    if not revealed_once:
        st.caption(_("Hidden again."))
        return
    personal_data = revealed_once.pop()
    applicant = personal_data.applicant
    values: list[tuple[str, str | None]] = []
    if applicant is None:
        st.markdown(f":gray[{_('Nothing is known of the applicant.')}]")
    else:
        values = [
            (_("Name"), applicant.full_name),
            (_("Telephone"), applicant.phone),
            (_("E-mail"), applicant.email),
            (_("Address"), applicant.address),
        ]
    if personal_data.text:
        values.append((_("Text as it was sent"), personal_data.text))
    for label, value in values:
        st.caption(label)
        st.text(clean_text(value) if value else "—")
