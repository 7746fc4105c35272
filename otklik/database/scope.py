"""For whom a run asks: set by the guard, handed to the database at the start of each transaction.

Who forgets to enter a scope sees no rows.
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
    """A person and what they see: every territory, or those below the `tops` (ids, none below another).

    `address` is where they sit, for the audit.
    """

    person_id: int
    everywhere: bool = False
    top_territory_ids: tuple[int, ...] = ()
    is_administrator: bool = False
    client_address: str = ""

    def cache_key(self) -> tuple[object, ...]:
        """The same for all who see the same rows, whoever they are."""
        return self.everywhere, self.top_territory_ids, self.is_administrator


NOBODY = Scope(0)


_current_scope: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current_scope() -> Scope | None:
    """The scope of this run; None sees nothing."""
    return _current_scope.get()


def cache_key() -> tuple[object, ...]:
    """What an answer depends on besides its question, for caches."""
    scope = current_scope()
    return scope.cache_key() if scope else ()


def set_current_scope(scope: Scope | None) -> None:
    """Ask for this person until the run ends.

    Each script run and each run of a fragment may have a thread of its own: each has to enter first.
    """
    _current_scope.set(scope)


@contextmanager
def acting_as(scope: Scope | None) -> Iterator[None]:
    """Ask for this person inside the block, and for who it was before after it."""
    reset_token = _current_scope.set(scope)
    try:
        yield
    finally:
        _current_scope.reset(reset_token)


# Its columns are evaluated from left to right: what the person sees comes after who it is. What a screen asks takes
# milliseconds, and parallel workers as long again to start.
BEGIN_SQL = """
    SELECT set_config('statement_timeout', %s, true), set_config('max_parallel_workers_per_gather', '0', true),
        set_config('otklik.address', %s, true),
        set_config('otklik.person', %s, true), to_jsonb(viewer_scope())"""


def begin_transaction(connection: Connection, seconds: float) -> None:
    """Open a transaction for the current scope, whose statements end after `seconds`. Raises Rescoped."""
    scope = current_scope()
    viewer_scope = connection.exec_driver_sql(
        BEGIN_SQL,
        (str(int(seconds * 1000)), scope.client_address if scope else "", str(scope.person_id) if scope else ""),
    ).one()[-1]
    # Answers are cached by what the run believes to see: that has to be what the database will show.
    if scope and scope.cache_key() != _viewer_cache_key(viewer_scope):
        raise ScopeChanged


def _viewer_cache_key(viewer_scope: dict[str, Any] | None) -> tuple[object, ...]:
    if viewer_scope is None or viewer_scope["everywhere"] is None:
        return NOBODY.cache_key()
    return viewer_scope["everywhere"], tuple(viewer_scope["tops"]), viewer_scope["is_administrator"]
