"""Questions that are built once and asked again after each change: building one takes longer than its answer."""

import functools
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from queries.core.cube_routing import bypass_cubes

P = ParamSpec("P")
T = TypeVar("T")
# A local day ends on a quarter of an hour, in whichever zone: until then a question's days and midnights stay.
REUSE_SECONDS = 15 * 60
MAX_STATEMENTS = 64


def cached_statement(build: Callable[P, T]) -> Callable[P, T]:
    """Keep a question by what it is built of: the part, days and columns, nothing else but the clock."""

    @functools.lru_cache(MAX_STATEMENTS)
    def build_cached(_quarter_hour: int, _bypass_cubes: bool, *args: P.args, **kwargs: P.kwargs) -> T:  # noqa: FBT001 -- the key
        return build(*args, **kwargs)

    @functools.wraps(build)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        return build_cached(int(time.time() // REUSE_SECONDS), bypass_cubes.get(), *args, **kwargs)  # type: ignore[arg-type]

    return wrapper
