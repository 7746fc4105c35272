"""Who is at the screen: somebody signed in, an enrolled wall screen, or one of the demo's people."""

import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import cast

import streamlit as st

from components.auth.sign_in import DEVICE_COOKIE, SignInState, sign_in_enabled
from components.streamlit_compat.script_run import current_run
from components.url.page_change import viewer_param
from otklik.database.access import devices, people
from otklik.database.access.people import Person
from otklik.database.engine import current_database_url
from otklik.errors import DatabaseUnavailable, QueryTimeout
from otklik.settings import LOOPBACK_HOSTS, InternalSettings, read_settings
from queries.cache.subscriptions import open_pages

MAX_CLOCK_SKEW = 300
"""Seconds that a provider's clock may be ahead of ours."""


@dataclass(frozen=True)
class Identity:
    """The person at the screen as the database knows them now, or None and why.

    `expires_at` is when their sign-in is over, in seconds since the epoch; None where it has no end.
    """

    state: SignInState
    person: Person | None = None
    by_device: bool = False
    expires_at: float | None = None


LOGGED_OUT_KEY = "logged-out"
"""Session state: set once somebody has logged out in this tab."""

Claims = Mapping[str, object]
# Sign-ins that ended by logging out, until they would be too old anyway: other tabs still hold them.
_ended_sign_ins: dict[tuple[object, ...], float] = {}
# Who was found at the screen, and in which run.
_identity_of_run: ContextVar[tuple[object, Identity] | None] = ContextVar("found", default=None)


def is_demo() -> bool:
    """Whether visitors choose who to be: `otklik run` says that this is the demo's database, on this machine."""
    if sign_in_enabled() or st.get_option("server.address") not in LOOPBACK_HOSTS:
        return False
    demo_database = InternalSettings().demo_url
    return bool(demo_database) and demo_database == current_database_url()


def current_identity() -> Identity:
    """Who is at the screen, asked once in each run of the page or of a part of it."""
    run = current_run()
    if run is None:
        return _read_identity()
    cached = _identity_of_run.get()
    if cached is None or cached[0] is not run:
        cached = run, _read_identity()
        _identity_of_run.set(cached)
    return cached[1]


def _read_identity() -> Identity:
    if LOGGED_OUT_KEY in st.session_state:
        return Identity(SignInState.LOGGED_OUT)
    if sign_in_enabled() and (claims := st.user.to_dict()).get("is_logged_in"):
        return identity_from_claims(claims)
    if token := st.context.cookies.to_dict().get(DEVICE_COOKIE):
        return _load_identity(
            (DEVICE_COOKIE, token),
            lambda: devices.screen_of_token(token, _client_address()),
            SignInState.INVALID_DEVICE,
        )
    if sign_in_enabled():
        return Identity(SignInState.SIGNED_OUT)
    if is_demo():
        demo_person = viewer_param("as") or ""
        return _identity_of_person(people.DEMO_ISSUER, demo_person if demo_person in people.DEMO_PEOPLE else "staff")
    return Identity(SignInState.NO_PROVIDER)


def identity_from_claims(claims: Claims) -> Identity:
    """Whose sign-in this is, unless it is too old."""
    sign_in = sign_in_of_claims(claims)
    if isinstance(sign_in, SignInState):
        return Identity(sign_in)
    return replace(_identity_of_person(*sign_in), expires_at=cast("float", claims["iat"]) + _sign_in_seconds())


def sign_in_of_claims(claims: Claims) -> SignInState | tuple[str, str, str | None]:
    """Issuer, subject and verified e-mail of a sign-in, or why it doesn't count; asks no database.

    Its age counts from the moment that the provider says (`iat`).
    """
    issued_at = claims.get("iat")
    if not isinstance(issued_at, int | float) or isinstance(issued_at, bool) or _sign_in_key(claims) in _ended_sign_ins:
        return SignInState.EXPIRED
    if not -MAX_CLOCK_SKEW <= time.time() - issued_at <= _sign_in_seconds():
        return SignInState.EXPIRED
    issuer, subject = str(claims.get("iss", "")), str(claims.get("sub", ""))
    # No provider may speak for the demo's people.
    if not issuer.startswith(("https://", "http://")) or not subject:
        return SignInState.UNKNOWN_PERSON
    email = claims.get("email") if claims.get("email_verified") is True else None
    return issuer, subject, str(email) if email else None


def log_out() -> None:
    """End the sign-in here and in this browser's other tabs; a callback.

    A callback, since a run of the page that another one replaces loses what was pressed. The runs that follow end it at
    the provider, see `send_to_provider`.
    """
    claims = st.user.to_dict()
    current_time = time.time()
    for sign_in in [sign_in for sign_in, expires_at in _ended_sign_ins.items() if expires_at < current_time]:
        del _ended_sign_ins[sign_in]
    _ended_sign_ins[_sign_in_key(claims)] = current_time + _sign_in_seconds() + MAX_CLOCK_SKEW
    st.session_state.pop("known", None)
    st.session_state[LOGGED_OUT_KEY] = True
    _identity_of_run.set(None)
    open_pages.wake(None)


def send_to_provider() -> None:
    """Send the browser of somebody who has logged out to the provider, which ends the sign-in there.

    Each run of the page has to call it: Streamlit drops what a run sent as soon as the next one starts, and sends
    nothing where one is already asked for.
    """
    st.logout()


def _sign_in_seconds() -> float:
    return read_settings().sign_in_hours * 3600


def _sign_in_key(claims: Claims) -> tuple[object, ...]:
    return tuple(claims.get(claim) for claim in ("iss", "sub", "iat", "nonce"))


def _identity_of_person(issuer: str, subject: str, email: str | None = None) -> Identity:
    return _load_identity(
        (issuer, subject),
        lambda: people.person_of_sign_in(issuer, subject, email, _client_address()),
        SignInState.UNKNOWN_PERSON,
    )


def _load_identity(
    key: tuple[object, ...], load_person: Callable[[], Person | None], state_if_missing: SignInState
) -> Identity:
    try:
        person = load_person()
        st.session_state["known"] = key, person
    except (DatabaseUnavailable, QueryTimeout):
        # The last figures are shown while the database is away, as far as this person saw them.
        cached_key, person = st.session_state.get("known", (None, None))
        if cached_key != key:
            return Identity(SignInState.DATABASE_AWAY)
    if person is None:
        return Identity(state_if_missing)
    return (
        Identity(SignInState.SIGNED_IN, person, key[0] == DEVICE_COOKIE)
        if person.is_active
        else Identity(SignInState.DISABLED)
    )


def _client_address() -> str:
    """Where the browser is, for the audit; nothing for this machine itself, and for what a proxy says that is none."""
    try:
        return str(ip_address(str(st.context.ip_address)))
    except ValueError:
        return ""
