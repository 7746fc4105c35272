"""Refusals of the database's functions and constraints, each as one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors
from sqlalchemy.exc import DBAPIError

from otklik.errors import DatabaseRefusal

CONSTRAINT_MESSAGES = {
    "person_email_key": "There is a person with this e-mail already.",
    "person_email_check": "This is no e-mail.",
    "person_name_check": "A person needs a name.",
    "person_role_check": "There is no such role.",
    "person_name_short": "A name has at most 200 characters.",
    "device_name_check": "A screen needs a name.",
    "device_name_short": "A name has at most 200 characters.",
    "playlist_name": "A playlist needs a name of at most 100 characters.",
    "playlist_once": "There is a playlist of that name already.",
    "playlist_scenes": "A playlist has 1 to 50 scenes, each for 5 to 3,600 seconds.",
    "wall_threshold_order": "“Watch” is 0 or more, and “act” is no less than it.",
    "saved_view_name": "A view needs a name of at most 60 characters.",
    "saved_view_address": "A view's address has at most 2,000 characters.",
    "problem_title": "A problem needs a title of at most 200 characters.",
    "problem_description": "A problem needs a description of at most 1,000 characters.",
    "remedy_title": "A remedy needs a title of at most 200 characters.",
    "remedy_responsible": "A name has at most 200 characters.",
    "remedy_one_responsible": "A remedy is done either by an organisation or by somebody who is named.",
    "saved_view_once": "There is a view of that name already.",
}
REFUSAL_ERRORS = (errors.InsufficientPrivilege, errors.NoDataFound, errors.InvalidParameterValue)


@contextmanager
def translate_refusals() -> Iterator[None]:
    """Raise DatabaseRefusal, with a sentence, for a refusal of the database inside; other errors pass."""
    try:
        yield
    except (DBAPIError, psycopg.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        message = cause.diag.message_primary or "" if isinstance(cause, REFUSAL_ERRORS) else ""
        if isinstance(cause, errors.IntegrityError):
            message = CONSTRAINT_MESSAGES.get(cause.diag.constraint_name or "", "")
            if isinstance(cause, errors.NotNullViolation):
                message = f"A person needs a {cause.diag.column_name}."
        if not message:
            raise
        raise DatabaseRefusal(message[0].upper() + message[1:].removesuffix(".") + ".") from error
