"""A cache of SQL statements: building one takes SQLAlchemy longer than PostgreSQL takes to answer it."""

import functools
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
# In every time zone a local day ends on a quarter of an hour; until then the days and midnights of a statement hold.
REUSE_SECONDS = 15 * 60
MAX_STATEMENTS = 64
# Set where cubes are compared with the appeals: every statement then reads the appeals themselves.
bypass_cubes: ContextVar[bool] = ContextVar("bypass_cubes", default=False)


def cached_statement(build: Callable[P, T]) -> Callable[P, T]:
    """Cache what a function builds, by its arguments, for at most a quarter of an hour.

    The function may depend on its arguments, on `bypass_cubes` and on the running day, but on nothing else.
    """

    @functools.lru_cache(MAX_STATEMENTS)
    def build_cached(_quarter_hour: int, _bypass_cubes: bool, *args: P.args, **kwargs: P.kwargs) -> T:  # noqa: FBT001 -- the key
        return build(*args, **kwargs)

    @functools.wraps(build)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        return build_cached(int(time.time() // REUSE_SECONDS), bypass_cubes.get(), *args, **kwargs)  # type: ignore[arg-type]

    return wrapper
