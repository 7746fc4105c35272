"""What the database refused, in the viewer's language."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from components.text.escape import escape_markdown
from otklik.errors import DatabaseRefusal
from otklik.i18n import N_, _

MESSAGES = (
    N_("There is a person with this e-mail already."),
    N_("This is no e-mail."),
    N_("A person needs a name."),
    N_("A person needs a role."),
    N_("There is no such role."),
    N_("A screen needs a name."),
    N_("A name has at most 200 characters."),
    N_("A reason is needed."),
    N_("A reason has at most 1000 characters."),
    N_("Nobody changes their own role."),
    N_("Nobody changes their own e-mail."),
    N_("A person signs in by an e-mail."),
    N_("This is the last administrator: make somebody else one before."),
    N_("There is no such appeal."),
    N_("Personal data are shown for a reason only."),
)
# What stands in the place of {…} is told, and stays as it is.
MESSAGE_PATTERNS = (
    N_("This needs the right “{right}”."),
    N_("There is no territory “{code}”."),
    N_("There is no person {number}."),
    N_("Person {number} is no screen."),
)


def translate_refusal(refusal: Exception) -> str:
    """The database's sentence, translated; a new one that nobody has translated yet stands as it came."""
    message = str(refusal)
    if message in MESSAGES:
        return _(message)
    quoted = re.sub(r'"([^"]*)"', r"“\1”", message)
    for pattern in MESSAGE_PATTERNS:
        regex = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.*?)", re.escape(pattern))
        if match := re.fullmatch(regex, quoted):
            return _(pattern).format(**match.groupdict())
    return message


@contextmanager
def refusal_boundary() -> Iterator[None]:
    """Say in its place what the database refuses inside."""
    try:
        yield
    except DatabaseRefusal as refusal:
        st.error(escape_markdown(translate_refusal(refusal)), icon=":material/block:")
