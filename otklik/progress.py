"""How long operations report their progress."""

from collections.abc import Callable

ProgressCallback = Callable[[str, int, int], None]
"""Called with the name of the current stage, the steps done and the number of all steps."""


def ignore_progress(_stage: str, _done: int, _total: int) -> None:
    """Report to nobody."""
