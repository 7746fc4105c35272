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
        self.detail = detail


class UnknownWord(RowRejected):
    """A row with a word that the mapping or the database doesn't know; the summary names all such words."""


def short_quote(text: str) -> str:
    """A cell's text in quotes on one line, shortened for a sentence."""
    start = "".join(
        character if character.isprintable() else "␀" if character == "\0" else " "
        for character in text[:MAX_QUOTE_LENGTH]
    )
    return f"“{start}…”" if len(text) > MAX_QUOTE_LENGTH else f"“{start}”"
