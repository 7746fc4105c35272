"""What the launcher says on standard error about a failure that lasts: once, and once that it is over."""

from contextlib import suppress

import click


class LastingFailures:
    """The failures that last, by what they concern ("database", "screens", a job)."""

    def __init__(self) -> None:
        """None yet."""
        self._current: set[object] = set()

    def report(self, subject: object, message: str) -> None:
        """Say what is wrong with a subject, unless something is wrong with it already."""
        if subject not in self._current:
            self._current.add(subject)
            _print(message)

    def resolve(self, subject: object, message: str = "") -> None:
        """Say that a subject works again, if something was wrong with it."""
        if subject in self._current:
            self._current.discard(subject)
            _print(message)


def _print(message: str) -> None:
    # The log may be on the full disk that the message is about.
    with suppress(OSError):
        if message:
            click.echo(message, err=True)
