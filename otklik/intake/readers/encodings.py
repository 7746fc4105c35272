"""The encoding of a text file."""

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence

from otklik.intake.readers.tabular import FileLayout, normalized_column

Readable = io.BufferedReader | gzip.GzipFile
DAMAGE_ERRORS = (EOFError, zlib.error, gzip.BadGzipFile)
"""What reading a damaged gzip file raises."""
HEADER_BYTES = 1024 * 1024
"""How much of a file is searched for its header."""
CHECKED_BYTES = 1024**3
"""How much of a file is decoded to choose its encoding: a small gzip file can have terabytes."""
CHUNK_BYTES = 256 * 1024
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16's, with which it begins
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def detect_encoding(binary: Readable, layout: FileLayout, columns: Sequence[str]) -> str:
    """The encoding in which the file is text and its header has the columns, else the likeliest one.

    A byte order mark decides. UTF-8 is tried before the layout's encodings, since other texts with letters beyond
    ASCII are hardly ever valid UTF-8, while almost any bytes are text in an encoding of one byte a character.
    """
    head = b"".join(_chunks(binary, HEADER_BYTES))
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if head.startswith(mark):
            return encoding
    listed = [name for name in layout.encodings if codecs.lookup(name).name not in {"utf-16", "utf-32"}]
    candidates = list(dict.fromkeys(["utf-8", *listed, "utf-16-le", "utf-16-be"]))
    fitting = [encoding for encoding in candidates if _has_columns(head, encoding, layout, columns)]
    for encoding in fitting:
        if first_undecodable_line(binary, encoding, CHECKED_BYTES) is None:
            return encoding
    likely = [encoding for encoding in fitting if encoding in listed] or fitting
    return next(iter(likely), None) or next(filter(lambda name: _is_text(head, name), candidates), candidates[0])


def first_undecodable_line(binary: Readable, encoding: str, limit: int | None) -> int | None:
    """The number of the first line that isn't text among the first `limit` bytes; None when all are."""
    decoder, line = codecs.getincrementaldecoder(encoding)(), 1
    try:
        for chunk in _chunks(binary, limit):
            line += decoder.decode(chunk).count("\n")
        if limit is None or binary.tell() < limit:
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return line + error.object[: error.start].decode(encoding, errors="replace").count("\n")
    return None


def _chunks(binary: Readable, limit: int | None) -> Iterator[bytes]:
    """The file from its beginning, up to a damage or the limit."""
    binary.seek(0)
    try:
        while (limit is None or binary.tell() < limit) and (chunk := binary.read1(CHUNK_BYTES)):
            yield chunk
    except DAMAGE_ERRORS:
        return


def _is_text(head: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _has_columns(head: bytes, encoding: str, layout: FileLayout, columns: Sequence[str]) -> bool:
    text = io.StringIO(head.decode(encoding, errors="replace"), newline="")
    for _ in range(layout.skipped_rows):
        text.readline()
    has_separator_line = not layout.skipped_rows and text.getvalue().startswith("sep=")
    rows = csv.reader(text, delimiter=layout.delimiter)
    header: list[str] = []
    try:
        # Blank lines and Excel's "sep=;" may stand before the header.
        for cells in rows:
            if any(cells) and not (has_separator_line and rows.line_num == 1):
                header = cells
                break
    except csv.Error:
        return False
    return {normalized_column(column) for column in columns} <= {normalized_column(name) for name in header}
