"""An operation on appeals: what is asked, what is answered, and how the database's function is called."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError

from otklik.database.refusal import translate_refusals
from otklik.database.transactions import statement_timeout, write_transaction
from otklik.errors import DatabaseRefusal

Action = Literal["reassign", "extend", "return", "topic", "note", "duplicate"]
ACTIONS: tuple[Action, ...] = ("reassign", "extend", "return", "topic", "note", "duplicate")
"""Each is also the name of the right that it needs; `do` says which fields it takes."""

REFUSAL_CODES = (
    *("unseen", "closed", "changed", "holds_it", "territory", "level", "cap"),
    *("no_deadline", "extended", "still_late", "not_handed_on", "same_topic", "itself"),
)
"""Why one appeal is refused."""
FAILURE_CODES = (
    *("how_many", "no_reason", "no_holder", "days", "no_notice", "no_topic", "no_original"),
    *("not_undoable", "undone", "too_late", "key_used"),
)
"""Why nothing at all is done."""

MAX_APPEALS = 1000
UNDO_WINDOW = timedelta(minutes=10)
ACTION_TIMEOUT_SECONDS = 20.0
"""Seconds that an action, or a look at it, may take: it is asked for once, and may wait for others."""


@dataclass(frozen=True)
class AppealVersion:
    """An appeal as a screen saw it; `version` is its `updated_at`."""

    region_id: int
    id: int
    version: datetime


@dataclass(frozen=True)
class ActionResult:
    """What came, or would come, of one appeal: done, or refused by a code of REFUSED.

    `by` and `at` say who changed or closed it meanwhile, and when. `was` and `becomes` say what is set: the name of a
    holder, topic or status, or a deadline. Moments are local to the appeal's region.
    """

    region_id: int
    id: int
    number: str | None
    refusal_code: str | None = None
    changed_by: str | None = None
    changed_at: datetime | None = None
    old_value: str | datetime | None = None
    new_value: str | datetime | None = None


@dataclass(frozen=True)
class UndoableOperation:
    """An operation of the viewer's that can be undone yet: how many appeals it changed, and when."""

    key: UUID
    action: Action
    at: datetime
    appeals: int


class ActionFailed(Exception):
    """Nothing was done; `code` is one of NOT_DONE."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


def _name_sql(side: str) -> str:
    """The name of what stands in a side of a row: its holder or topic, else its status."""
    names_sql = ", ".join(
        f"(SELECT coalesce(names->>:language, names->>'en', name) FROM {table}"  # noqa: S608 -- our own words
        f" WHERE id = ({side}->>'{column}')::integer)"
        for table, column in (("organisation", "holder_id"), ("topic", "topic_id"), ("status", "status_id"))
    )
    return f"coalesce({names_sql})"


HANDLE_APPEALS_SQL = text(f"""
    SELECT region_id, appeal_id, number, refused, by_whom, at, timezone, {_name_sql("before")} AS was,
        {_name_sql("after")} AS becomes, before->>'deadline_at' AS due, after->>'deadline_at' AS later
    FROM handle_appeals(:key, :action, CAST(:regions AS integer[]), CAST(:ids AS bigint[]),
        CAST(:versions AS timestamptz[]), :fields, :reason, :only_look) AS handled
    LEFT JOIN territory ON territory.id = region_id
    ORDER BY region_id, appeal_id""").bindparams(bindparam("fields", type_=JSONB))  # noqa: S608 -- our own words


def operation_parameters(
    key: UUID, action: str, appeals: Sequence[AppealVersion], fields: dict[str, object], *, preview_only: bool = False
) -> dict[str, object]:
    """The arguments of HANDLE besides the reason and the language."""
    return {
        "key": key,
        "action": action,
        "regions": [appeal.region_id for appeal in appeals],
        "ids": [appeal.id for appeal in appeals],
        "versions": [appeal.version for appeal in appeals],
        "fields": fields,
        "reason": "",
        "only_look": preview_only,
    }


def run_operation(parameters: dict[str, object], language: str) -> list[ActionResult]:
    """Ask in a transaction of its own and commit, with more patience than a panel has."""
    reset_token = statement_timeout.set(ACTION_TIMEOUT_SECONDS)
    try:
        with translate_action_errors(), write_transaction() as connection:
            return action_results(connection, parameters, language)
    finally:
        statement_timeout.reset(reset_token)


def action_results(connection: Connection, parameters: dict[str, object], language: str) -> list[ActionResult]:
    """The rows in words of the language and in local time."""

    def to_local(moment: datetime | str | None, timezone: str) -> datetime | None:
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment)
        return moment.astimezone(ZoneInfo(timezone)) if moment else None

    return [
        ActionResult(
            row.region_id,
            row.appeal_id,
            row.number,
            row.refused,
            row.by_whom,
            to_local(row.at, row.timezone),
            to_local(row.due, row.timezone) or row.was,
            to_local(row.later, row.timezone) or row.becomes,
        )
        for row in connection.execute(HANDLE_APPEALS_SQL, {**parameters, "language": language})
    ]


@contextmanager
def translate_action_errors() -> Iterator[None]:
    """Turn the database's codes into NotDone, its other refusals into Refused."""
    try:
        with translate_refusals():
            yield
    except DatabaseRefusal as error:
        cause = error.__cause__
        diagnosis = getattr(cause.orig, "diag", None) if isinstance(cause, DBAPIError) else None
        if (code := getattr(diagnosis, "constraint_name", None)) in FAILURE_CODES:
            raise ActionFailed(str(code)) from error
        raise
