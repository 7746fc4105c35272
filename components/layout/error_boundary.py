"""Error boundaries: a part of a page that fails shows a message in its place, and the rest of the page lives."""

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
    """Show a failure inside the block as a message with an id, under which the log has the traceback."""
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
    """What went wrong, and what the viewer can do about it, in the viewer's language."""
    if isinstance(error, QueryTimeout):
        return _("This takes too long: narrow the filters.")
    if isinstance(error, DatabaseUnavailable):
        return _("The database is away. This panel comes back by itself.")
    return _("This panel can't be shown now.")
