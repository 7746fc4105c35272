"""Why an import refuses a whole file or one of its rows."""

MAX_QUOTE_LENGTH = 60


class BadFile(Exception):
    """A file or a mapping that can't be used; nothing was imported.

    The message is one sentence that names the file, the line or column, and what was expected.
    """


class RowRejected(Exception):
    """A row that can't be imported."""

    def __init__(self, reason: str, detail: str = "") -> None:
        """`reason` is one of a few phrases that the summary counts; `detail` quotes the cell."""
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


def short_quote(text: str) -> str:
    """A cell's text in quotes, shortened for a sentence."""
    return f"“{text[:MAX_QUOTE_LENGTH]}…”" if len(text) > MAX_QUOTE_LENGTH else f"“{text}”"
