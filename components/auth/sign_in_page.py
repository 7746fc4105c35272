"""What stands in a page's place for who isn't let in: why, and what to do about it."""

import streamlit as st

from components.auth import identity
from components.auth.identity import Why
from components.layout import page
from components.text.escape import plain
from otklik.i18n import N_, _
from otklik.settings import settings

SAID = {
    Why.SIGNED_OUT: N_("Sign in to see your territories."),
    Why.TOO_OLD: N_("Your sign-in is over. Sign in again."),
    Why.UNKNOWN: N_("You are signed in, but Otklik doesn't know you yet."),
    Why.DISABLED: N_("You are signed in, but may no longer use Otklik."),
    Why.NO_DEVICE: N_("This screen's link is not valid any more."),
    Why.AWAY: N_("The database is away. This page comes back by itself."),
    Why.CLOSED: N_("Nobody can sign in here yet: no sign-in provider is configured, and this is no demo."),
}
LIVE = "2s"


def closed(state: Why) -> None:
    """The page for who isn't let in."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title("Otklik", anchor=False)
        page.languages()
    with st.container(width=560):
        st.markdown(_(SAID[state]))
        if state in (Why.UNKNOWN, Why.DISABLED):
            _unknown()
        elif state is Why.NO_DEVICE:
            st.markdown(ask())
            st.link_button(_("Forget this link"), "/?device=", icon=":material/link_off:")
        elif state is Why.AWAY:
            _return()
        if state in (Why.SIGNED_OUT, Why.TOO_OLD, Why.NO_DEVICE):
            _providers()


def refused() -> None:
    """In place of a page that isn't for this role."""
    st.error(_("This page is not open to you."), icon=":material/lock:")


def ask() -> str:
    """Whom to turn to."""
    if contact := settings().contact:
        return _("Ask {contact}.").format(contact=plain(contact))
    return _("Ask an administrator of Otklik.")


def _unknown() -> None:
    claims = st.user.to_dict()
    name = claims.get("email") or claims.get("preferred_username") or claims.get("name") or claims.get("sub")
    st.markdown(_("Signed in as **{name}**.").format(name=plain(name)) + " " + ask())
    if claims.get("email") and claims.get("email_verified") is not True:
        st.markdown(_("The sign-in provider does not vouch for this e-mail: it has to be confirmed there first."))
    if st.button(_("Log out"), icon=":material/logout:", key="log-out"):
        identity.leave()


def _providers() -> None:
    """A button for each provider."""
    for name, title in identity.providers().items():
        label = _("Sign in with {provider}").format(provider=plain(title)) if title else _("Sign in")
        if st.button(label, icon=":material/login:", key=f"sign-in-{name}", type="primary"):
            st.login(name)


@st.fragment(run_every=LIVE)
def _return() -> None:
    """Run the page anew as soon as the database answers."""
    if identity.visit().why is not Why.AWAY:
        st.rerun()
