"""A failing part of a page says so in its own place, and the rest of the page lives."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import streamlit as st

from otklik.errors import Counting, DatabaseUnavailable, QueryTimeout
from otklik.i18n import _

log = logging.getLogger("otklik.panel")


@contextmanager
def error_boundary() -> Iterator[None]:
    """Turn a failure inside into a sentence in its place, with an id that the log has too."""
    try:
        yield
    except Counting:
        message = _("This takes a while to count: it comes by itself.")
        st.markdown(f":gray[:material/hourglass_top: {message}]")
    except Exception as error:
        error_id = secrets.token_hex(3)
        log.exception("Panel failed, id %s, %s", error_id, datetime.now(UTC).isoformat())
        st.warning(f"{error_message(error)} :small[:gray[{error_id}]]", icon=":material/error:")


def error_message(error: BaseException) -> str:
    """What went wrong, and what the viewer can do about it."""
    if isinstance(error, QueryTimeout):
        return _("This takes too long: narrow the filters.")
    if isinstance(error, DatabaseUnavailable):
        return _("The database is away. This panel comes back by itself.")
    return _("This panel can't be shown now.")
