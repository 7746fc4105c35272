"""A place on a screen where things are done to appeals: its form's key, and what came of the last press."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import streamlit as st
from sqlalchemy.exc import OperationalError

from components.actions import refusal_messages
from otklik.actions.bulk import UNDOABLE, NotDone, Row, new_key
from otklik.database import NoDatabase
from otklik.database.refusal import Refused
from otklik.database.transactions import TooSlow
from otklik.i18n import _


@dataclass
class Desk:
    """One place on a screen where things are done: the key of the form that is shown, and what came of the last one."""

    key: UUID = field(default_factory=new_key)
    done: tuple[str, list[Row]] | None = None
    undoing: dict[UUID, UUID] = field(default_factory=dict)
    until: datetime | None = None


def telling(key: str) -> bool:
    """Whether a result waits under this key to be read or undone: a place drawn for a choice alone stays for it."""
    desk: Desk | None = st.session_state.get(f"{key}-desk")
    if desk is None:
        return False
    return desk.done is not None or (desk.until is not None and datetime.now(UTC) < desk.until)


def tried(desk: Desk, what: str, press: Callable[[], list[Row]], done: Callable[[], None] | None) -> bool:
    """Press the button; False, and a sentence, when nothing came of it."""
    try:
        rows = press()
    except NotDone as error:
        st.error(refusal_messages.of_all(error.code), icon=":material/block:")
        if error.code == "key_used":
            desk.key = new_key()
    except Refused:
        st.error(_("Your role doesn't allow this."), icon=":material/lock:")
    except (OperationalError, NoDatabase, TooSlow):
        st.warning(
            _("The database didn't answer. Press again: what was done already is not done twice."),
            icon=":material/cloud_off:",
        )
    else:
        desk.done, desk.key = (what, rows), new_key()
        desk.until = datetime.now(UTC) + UNDOABLE
        if done:
            done()
        return True
    return False
