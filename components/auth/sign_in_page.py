"""The page for visitors without access: why they have none, and what they can do about it."""

from collections.abc import Callable

import streamlit as st

from components.auth.sign_in import SignInState, providers
from components.layout import page
from components.layout.status_line import show_away_reason
from components.text.escape import escape_markdown
from otklik.i18n import N_, _
from otklik.settings import read_settings

STATE_MESSAGES = {
    SignInState.SIGNED_OUT: N_("Sign in to see your territories."),
    SignInState.LOGGED_OUT: N_("You are logged out."),
    SignInState.EXPIRED: N_("Your sign-in is over. Sign in again."),
    SignInState.UNKNOWN_PERSON: N_("You are signed in, but Otklik doesn't know you yet."),
    SignInState.DISABLED: N_("You are signed in, but may no longer use Otklik."),
    SignInState.INVALID_DEVICE: N_("This screen's link is not valid any more."),
    SignInState.DATABASE_AWAY: N_("The database is away. This page comes back by itself."),
    SignInState.NO_PROVIDER: N_("Nobody can sign in here yet: no sign-in provider is configured, and this is no demo."),
}
RETRY_INTERVAL = "2s"


def no_access_page(
    state: SignInState, current_state: Callable[[], SignInState], log_out: Callable[[], None], away_reason: str = ""
) -> None:
    """In place of every page for somebody who may not see it: why, and what to do.

    `current_state` asks again whether the database answers; `log_out`, a callback, ends a sign-in that is not known
    here. `away_reason` says why the database stays away, where everybody may know.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title("Otklik", anchor=False)
        page.language_switch()
    with st.container(width=560):
        st.markdown(_(STATE_MESSAGES[state]))
        if state in (SignInState.UNKNOWN_PERSON, SignInState.DISABLED):
            _unknown_person(log_out)
        elif state is SignInState.INVALID_DEVICE:
            st.markdown(contact_hint())
            st.link_button(_("Forget this link"), "/?device=", icon=":material/link_off:")
        elif state is SignInState.DATABASE_AWAY:
            show_away_reason(away_reason)
            _wait_for_database(current_state)
        if state in (SignInState.SIGNED_OUT, SignInState.EXPIRED, SignInState.INVALID_DEVICE):
            _sign_in_buttons()


def forbidden_message() -> None:
    """In place of a page that isn't for this role."""
    st.error(_("This page is not open to you."), icon=":material/lock:")


def contact_hint() -> str:
    """Whom to turn to."""
    if contact := read_settings().contact:
        return _("Ask {contact}.").format(contact=escape_markdown(contact))
    return _("Ask an administrator of Otklik.")


def _unknown_person(log_out: Callable[[], None]) -> None:
    claims = st.user.to_dict()
    name = claims.get("email") or claims.get("preferred_username") or claims.get("name") or claims.get("sub")
    st.markdown(_("Signed in as **{name}**.").format(name=escape_markdown(name)) + " " + contact_hint())
    if claims.get("email") and claims.get("email_verified") is not True:
        st.markdown(_("The sign-in provider does not vouch for this e-mail: it has to be confirmed there first."))
    st.button(_("Log out"), icon=":material/logout:", key="log-out", on_click=log_out)


def _sign_in_buttons() -> None:
    """A button for each provider."""
    for name, title in providers().items():
        label = _("Sign in with {provider}").format(provider=escape_markdown(title)) if title else _("Sign in")
        if st.button(label, icon=":material/login:", key=f"sign-in-{name}", type="primary"):
            st.login(name)


@st.fragment(run_every=RETRY_INTERVAL)
def _wait_for_database(current_state: Callable[[], SignInState]) -> None:
    """Rerun the page as soon as the database answers."""
    if current_state() is not SignInState.DATABASE_AWAY:
        st.rerun()
