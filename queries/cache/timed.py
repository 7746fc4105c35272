"""Query results that are cached for ten minutes: reading appeals row by row takes too long to repeat at each change."""

import functools
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from otklik.database.access import scope
from queries.cache.store import FunctionCache

P = ParamSpec("P")
T = TypeVar("T")
MAX_AGE_MINUTES = 10


def timed(query: Callable[P, T]) -> Callable[P, T]:
    """Cache a query for at most ten minutes, for all viewers who see the same rows; its panel should say so."""
    function_cache = FunctionCache(query)

    @functools.wraps(query)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        return function_cache.result(
            function_cache.arguments(*args, **kwargs), int(time.time() // (60 * MAX_AGE_MINUTES)), scope.cache_key()
        )

    return wrapper
