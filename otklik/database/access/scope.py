"""The viewer in whose name a thread queries: set by the guard, sent to the database with each transaction.

Without a scope the database shows no rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from otklik.errors import ScopeChanged


@dataclass(frozen=True)
class Scope:
    """A person and the rows they see: everything, or `top_territory_ids` (none below another) and all below these.

    `client_address` is for the audit.
    """

    person_id: int
    everywhere: bool = False
    top_territory_ids: tuple[int, ...] = ()
    is_administrator: bool = False
    client_address: str = ""

    def cache_key(self) -> tuple[object, ...]:
        """A key that is equal for all viewers who see the same rows."""
        return self.everywhere, self.top_territory_ids, self.is_administrator


NOBODY = Scope(0)


_current_scope: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current_scope() -> Scope | None:
    """The scope of this thread; None sees nothing."""
    return _current_scope.get()


def cache_key() -> tuple[object, ...]:
    """The part of a cache key for the rows that the current viewer sees."""
    scope = current_scope()
    return scope.cache_key() if scope else ()


def set_current_scope(scope: Scope | None) -> None:
    """Query in this scope from here on in this thread.

    Each script run and each rerun of a fragment may have a thread of its own, and has to call this first.
    """
    _current_scope.set(scope)


@contextmanager
def acting_as(scope: Scope | None) -> Iterator[None]:
    """Query in this scope inside the block, and in the previous one after it."""
    reset_token = _current_scope.set(scope)
    try:
        yield
    finally:
        _current_scope.reset(reset_token)


# Columns are evaluated from left to right: viewer_scope() reads the person set before it. Parallel workers would take
# as long to start as a screen's query takes.
BEGIN_SQL = """
    SELECT set_config('statement_timeout', %s, true), set_config('max_parallel_workers_per_gather', '0', true),
        set_config('otklik.address', %s, true),
        set_config('otklik.person', %s, true), to_jsonb(viewer_scope())"""


def begin_transaction(connection: Connection, seconds: float) -> None:
    """Open a transaction in the current scope with a statement timeout of `seconds`. Raises ScopeChanged."""
    scope = current_scope()
    viewer_scope = connection.exec_driver_sql(
        BEGIN_SQL,
        (str(int(seconds * 1000)), scope.client_address if scope else "", str(scope.person_id) if scope else ""),
    ).one()[-1]
    # Results are cached under the scope that this thread believes in: the database has to show those same rows.
    if scope and scope.cache_key() != _viewer_cache_key(viewer_scope):
        raise ScopeChanged


def _viewer_cache_key(viewer_scope: dict[str, Any] | None) -> tuple[object, ...]:
    if viewer_scope is None or viewer_scope["everywhere"] is None:
        return NOBODY.cache_key()
    return viewer_scope["everywhere"], tuple(viewer_scope["tops"]), viewer_scope["is_administrator"]
