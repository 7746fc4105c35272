"""Who is at the screen: somebody signed in, an enrolled wall screen, or one of the demo's people."""

import os
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address

import streamlit as st
from sqlalchemy.exc import OperationalError
from streamlit.runtime.scriptrunner import get_script_run_ctx

from otklik.database import NoDatabase, devices, people
from otklik.database.engine import address
from otklik.database.people import Person
from otklik.settings import LOOPBACK, settings

DEVICE = "otklik_device"
"""The cookie with a wall screen's secret; `server.py` sets it from the device's link."""
CLOCKS_DIFFER = 300
"""Seconds that a provider's clock may be ahead of ours."""


class Why(StrEnum):
    """Why somebody is let in or not."""

    LET_IN = "let in"
    SIGNED_OUT = "signed out"
    TOO_OLD = "the sign-in is too old"
    UNKNOWN = "the database doesn't know this person"
    DISABLED = "the person is disabled"
    NO_DEVICE = "the screen's link is unknown or revoked"
    AWAY = "the database is away"
    CLOSED = "no provider to sign in with, and no demo"


@dataclass(frozen=True)
class Visit:
    """The person at the screen as the database knows them now, or None and why."""

    why: Why
    person: Person | None = None
    by_device: bool = False


Claims = Mapping[str, object]
# Sign-ins that ended by logging out, until they would be too old anyway: other tabs still hold them.
_ended: dict[tuple[object, ...], float] = {}
# Who was found at the screen, and in which run.
_found: ContextVar[tuple[object, Visit] | None] = ContextVar("found", default=None)


def providers() -> dict[str | None, str]:
    """The sign-in providers of secrets.toml by their name there, with what to call them; None is an unnamed one."""
    if not st.secrets.load_if_toml_exists() or "auth" not in st.secrets:
        return {}
    auth = st.secrets["auth"]
    titles: dict[str | None, str] = {
        str(name): str(section.get("title", str(name).capitalize()))
        for name, section in auth.items()
        if isinstance(section, Mapping) and "client_id" in section
    }
    return {None: str(auth.get("title", "")), **titles} if "client_id" in auth else titles


def signs_in() -> bool:
    """Whether people sign in here: the demo's are then out of reach."""
    return bool(st.secrets.load_if_toml_exists()) and "auth" in st.secrets


def is_demo() -> bool:
    """Whether visitors choose who to be: `otklik run` says that this is the demo's database, on this machine."""
    if signs_in() or st.get_option("server.address") not in LOOPBACK:
        return False
    demo_database = os.environ.get("OTKLIK_DEMO")
    return bool(demo_database) and demo_database == address()


def is_wall() -> bool:
    """Whether this is a wall screen, where nobody stands to press anything."""
    return DEVICE in st.context.cookies.to_dict() and not (signs_in() and st.user.to_dict().get("is_logged_in"))


def visit() -> Visit:
    """Who is at the screen, asked once in each run of the page or of a part of it."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return _visit()
    # Made anew for each run.
    run = context.cursors
    cached = _found.get()
    if cached is None or cached[0] is not run:
        cached = run, _visit()
        _found.set(cached)
    return cached[1]


def _visit() -> Visit:
    if signs_in() and (claims := st.user.to_dict()).get("is_logged_in"):
        return signed_in(claims)
    if token := st.context.cookies.to_dict().get(DEVICE):
        return _asked((DEVICE, token), lambda: devices.signed_in(token, _seat()), Why.NO_DEVICE)
    if signs_in():
        return Visit(Why.SIGNED_OUT)
    if is_demo():
        demo_person = st.query_params.get("as", "")
        return _known(people.DEMO, demo_person if demo_person in people.DEMO_PEOPLE else "staff")
    return Visit(Why.CLOSED)


def signed_in(claims: Claims) -> Visit:
    """Whose sign-in this is, unless it is too old; the age counts from the moment that the provider says (`iat`)."""
    issued_at = claims.get("iat")
    if not isinstance(issued_at, int | float) or isinstance(issued_at, bool) or _name(claims) in _ended:
        return Visit(Why.TOO_OLD)
    if not -CLOCKS_DIFFER <= time.time() - issued_at <= settings().sign_in_hours * 3600:
        return Visit(Why.TOO_OLD)
    issuer, subject = str(claims.get("iss", "")), str(claims.get("sub", ""))
    # No provider may speak for the demo's people.
    if not issuer.startswith(("https://", "http://")) or not subject:
        return Visit(Why.UNKNOWN)
    email = claims.get("email") if claims.get("email_verified") is True else None
    return _known(issuer, subject, str(email) if email else None)


def leave() -> None:
    """Log out: here, at the provider, and in this browser's other tabs."""
    claims = st.user.to_dict()
    current_time = time.time()
    for sign_in in [sign_in for sign_in, expires_at in _ended.items() if expires_at < current_time]:
        del _ended[sign_in]
    _ended[_name(claims)] = current_time + settings().sign_in_hours * 3600 + CLOCKS_DIFFER
    st.session_state.pop("known", None)
    _found.set(None)
    st.logout()


def _name(claims: Claims) -> tuple[object, ...]:
    return tuple(claims.get(claim) for claim in ("iss", "sub", "iat", "nonce"))


def _known(issuer: str, subject: str, email: str | None = None) -> Visit:
    return _asked((issuer, subject), lambda: people.signed_in(issuer, subject, email, _seat()), Why.UNKNOWN)


def _asked(key: tuple[object, ...], load_person: Callable[[], Person | None], state_if_missing: Why) -> Visit:
    try:
        person = load_person()
        st.session_state["known"] = key, person
    except (OperationalError, NoDatabase):
        # The last figures are shown while the database is away, as far as this person saw them.
        cached_key, person = st.session_state.get("known", (None, None))
        if cached_key != key:
            return Visit(Why.AWAY)
    if person is None:
        return Visit(state_if_missing)
    return Visit(Why.LET_IN, person, key[0] == DEVICE) if person.is_active else Visit(Why.DISABLED)


def _seat() -> str:
    """Where the browser is, for the audit; nothing for this machine itself, and for what a proxy says that is none."""
    try:
        return str(ip_address(str(st.context.ip_address)))
    except ValueError:
        return ""
