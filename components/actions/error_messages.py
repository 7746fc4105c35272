"""Sentences for what the database refuses: an appeal of an action, a whole action, or any other change."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st

from components.layout.local_day import viewer_moment
from components.text.escape import clean_line, escape_markdown
from otklik.actions.refusals import FAILURES, REFUSALS, REFUSALS_WITH_ACTOR, REFUSALS_WITH_TIME
from otklik.errors import DatabaseRefusal
from otklik.i18n import N_, _

if TYPE_CHECKING:
    from otklik.actions.model import ActionResult

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
    N_("Nobody changes their own territories."),
    N_("A person signs in by an e-mail."),
    N_("This is the last administrator: make somebody else one before."),
    N_("There is no such appeal."),
    N_("A playlist needs a name of at most 100 characters."),
    N_("There is a playlist of that name already."),
    N_("A playlist has 1 to 50 scenes, each for 5 to 3,600 seconds."),
    N_("“Watch” is 0 or more, and “act” is no less than it."),
    N_("Screens still play it: assign them another one before."),
    N_("Somebody has changed the playlist meanwhile."),
    N_("There are no thresholds of its own."),
    N_("A problem needs a title of at most 200 characters."),
    N_("A problem needs a description of at most 1,000 characters."),
    N_("A problem needs a topic."),
    N_("A problem begins today or before."),
    N_("A problem needs an owner before it is decided."),
    N_("A problem that is decided needs an owner."),
    N_("A problem that is closed or rejected has nothing more to be done."),
    N_("A comment has 1 to 1000 characters."),
    N_("A remedy needs a title of at most 200 characters."),
    N_("A remedy is done either by an organisation or by somebody who is named."),
    N_("A remedy is due today or later."),
    N_("Somebody has changed the problem meanwhile."),
    N_("Somebody has decided about the comment meanwhile."),
    N_("There is no such comment."),
    N_("There is no such discussion."),
    N_("A comment is published or rejected."),
    N_("An answer has 1 to 2000 characters."),
    N_("A decision has 1 to 2000 characters."),
    N_("A discussion is decided once, after it has closed for comments."),
    N_("First it is said what was decided."),
    N_("There is no such cluster."),
    N_("There is no such problem."),
    N_("There is no such surge."),
    N_("This person doesn't see problems of this territory."),
    N_("This remedy is done."),
    N_("This remedy isn't done."),
    N_("This step doesn't follow from where the problem is now."),
)
"""Messages of `DatabaseRefusal`, word for word as the database raises them."""
MESSAGE_PATTERNS = (
    N_("This needs the right “{right}”."),
    N_("There is no territory “{code}”."),
    N_("There is no person {number}."),
    N_("Person {number} is no screen."),
    N_("There is no device {number}."),
    N_("There is no playlist {number}."),
)
"""Messages with a value in place of the braces; the value is shown as the database says it."""


def refusal_message(result: "ActionResult") -> str:
    """Why an action refuses this appeal, naming who changed it since, if known, and when; "" for one it accepts."""
    if result.refusal_code is None:
        return ""
    when = viewer_moment(result.changed_at) if result.changed_at else ""
    if result.changed_by and result.refusal_code in REFUSALS_WITH_ACTOR:
        return _(REFUSALS_WITH_ACTOR[result.refusal_code]).format(who=clean_line(result.changed_by), when=when)
    if when and result.refusal_code in REFUSALS_WITH_TIME:
        return _(REFUSALS_WITH_TIME[result.refusal_code]).format(when=when)
    return _(REFUSALS[result.refusal_code])


def failure_message(code: str) -> str:
    """Why an action changed nothing, by the code of `otklik.actions.model.ActionFailed`."""
    return _(FAILURES[code])


def translate_refusal(refusal: Exception) -> str:
    """The message of a `DatabaseRefusal` in the current language; in English where it has no translation."""
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
    """Show a `DatabaseRefusal` raised inside as an error message in its place."""
    try:
        yield
    except DatabaseRefusal as refusal:
        st.error(escape_markdown(translate_refusal(refusal)), icon=":material/block:")
