"""Running an operation in the database: the call of `handle_appeals`, its rows as results, its errors translated."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, OperationalError

from otklik.actions.model import ActionFailed, ActionResult, AppealVersion
from otklik.actions.refusals import FAILURES
from otklik.database.refusal import translate_refusals
from otklik.database.transactions import statement_timeout, write_transaction
from otklik.errors import DatabaseRefusal, DatabaseUnavailable

ACTION_TIMEOUT_SECONDS = 20.0
"""The statement timeout of an action and its preview: longer than a panel's, since it may wait for other operations."""


def _name_sql(side: str) -> str:
    """SQL of the name that `before` or `after` of a row refers to: the holder's or topic's, or else the status's."""
    names_sql = ", ".join(
        f"(SELECT coalesce(names->>:language, names->>'en', name) FROM {table}"  # noqa: S608 -- constants, no input
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
    ORDER BY region_id, appeal_id""").bindparams(bindparam("fields", type_=JSONB))  # noqa: S608 -- constants, no input


def operation_parameters(
    key: UUID,
    action_id: str,
    appeals: Sequence[AppealVersion],
    fields: dict[str, object],
    *,
    preview_only: bool = False,
) -> dict[str, object]:
    """The parameters of `HANDLE_APPEALS_SQL` without the language, with an empty reason."""
    return {
        "key": key,
        "action": action_id,
        "regions": [appeal.region_id for appeal in appeals],
        "ids": [appeal.id for appeal in appeals],
        "versions": [appeal.version for appeal in appeals],
        "fields": fields,
        "reason": "",
        "only_look": preview_only,
    }


def run_operation(parameters: dict[str, object], language: str) -> list[ActionResult]:
    """Run an operation in a transaction of its own and commit it; one result an appeal, by region and id.

    Raises ActionFailed, DatabaseRefusal (no right), DatabaseUnavailable, QueryTimeout: after the last two nobody
    knows whether it was done, and the same key may be executed again.
    """
    reset_token = statement_timeout.set(ACTION_TIMEOUT_SECONDS)
    try:
        with translate_action_errors(), write_transaction() as connection:
            return action_results(connection, parameters, language)
    except OperationalError as error:  # the server answered, and could not go on: a deadlock, a full disk
        raise DatabaseUnavailable("The database did not finish the operation.") from error
    finally:
        statement_timeout.reset(reset_token)


def action_results(connection: Connection, parameters: dict[str, object], language: str) -> list[ActionResult]:
    """Call `handle_appeals`; one result an appeal, by region and id, with names in the language and local times."""

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
    """Raise ActionFailed for a code of `otklik.actions.refusals.FAILURES`, DatabaseRefusal for other refusals."""
    try:
        with translate_refusals():
            yield
    except DatabaseRefusal as error:
        cause = error.__cause__
        diagnosis = getattr(cause.orig, "diag", None) if isinstance(cause, DBAPIError) else None
        if (code := getattr(diagnosis, "constraint_name", None)) in FAILURES:
            raise ActionFailed(str(code)) from error
        raise
