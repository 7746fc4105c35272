"""How a mapping says that a source's files are laid out."""

import codecs

from otklik.intake.mapping.toml_sections import TomlSection
from otklik.intake.readers.tabular import FileLayout

MAX_SKIPPED_ROWS = 1000


def parse_file_layout(file: TomlSection) -> FileLayout:
    """The layout that the section [file] of a mapping describes. Raises BadFile for a mistake in it."""
    layout = FileLayout(
        file.get("delimiter", ","),
        file.text_list("encodings", ["utf-8"]),
        file.optional_text("sheet"),
        file.get("skip_rows", 0),
        file.optional_text("records"),
    )
    if not 0 <= layout.skipped_rows <= MAX_SKIPPED_ROWS:
        raise file.error(f"has `skip_rows = {layout.skipped_rows}`: expected 0 to {MAX_SKIPPED_ROWS}")
    if len(layout.delimiter) != 1 or layout.delimiter in '"\r\n':
        raise file.error(f"has the delimiter {layout.delimiter!r}: expected one character")
    for name in layout.encodings or ("",):
        try:
            # Codecs that aren't encodings of text, such as base64, are found but refuse to encode.
            "\n".encode(codecs.lookup(name).name)
        except (LookupError, ValueError) as error:
            raise file.error(f"has the encoding “{name}”: expected one such as utf-8 or windows-1251") from error
    return layout
