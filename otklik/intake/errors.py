"""What an import refuses: a whole file, or one row of it."""

MAX_QUOTE_LENGTH = 60


class BadFile(Exception):
    """A file or a mapping that can't be imported, so that nothing was.

    The message is one sentence: the file, the line or column, and what was expected.
    """


class RowRejected(Exception):
    """One row that can't be imported; `reason` is one of few, `detail` says what stood there."""

    def __init__(self, reason: str, detail: str = "") -> None:
        """`reason` is what the summary counts."""
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


def short_quote(text: str) -> str:
    """A cell's text inside a sentence, shortened."""
    return f"“{text[:MAX_QUOTE_LENGTH]}…”" if len(text) > MAX_QUOTE_LENGTH else f"“{text}”"
