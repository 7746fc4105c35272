"""Pages and figures without a server."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_streamlit_warnings() -> Iterator[None]:
    """Keep Streamlit, which caches the answers, from warning at each of them that it doesn't serve."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
