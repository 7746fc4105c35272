"""How people sign in here: providers, wall screens' cookies, and the states of a sign-in."""

from collections.abc import Mapping
from enum import StrEnum

import streamlit as st

DEVICE_COOKIE = "otklik_device"
"""The cookie with a wall screen's secret; `server.py` sets it from the device's link."""
DEVICE_COOKIE_SECONDS = 400 * 24 * 3600
"""Browsers keep no cookie for longer: a screen gets it again each time that it loads its page."""


class SignInState(StrEnum):
    """Why somebody is let in or not."""

    SIGNED_IN = "let in"
    SIGNED_OUT = "signed out"
    LOGGED_OUT = "has logged out in this tab"
    EXPIRED = "the sign-in is too old"
    UNKNOWN_PERSON = "the database doesn't know this person"
    DISABLED = "the person is disabled"
    INVALID_DEVICE = "the screen's link is unknown or revoked"
    DATABASE_AWAY = "the database is away"
    NO_PROVIDER = "no provider to sign in with, and no demo"


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


def sign_in_enabled() -> bool:
    """Whether people sign in here: the demo's are then out of reach."""
    return bool(st.secrets.load_if_toml_exists()) and "auth" in st.secrets


def is_wall_screen() -> bool:
    """Whether this is a wall screen, where nobody stands to press anything."""
    return DEVICE_COOKIE in st.context.cookies.to_dict() and not (
        sign_in_enabled() and st.user.to_dict().get("is_logged_in")
    )
