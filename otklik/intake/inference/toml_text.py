"""A draft written as the TOML file of a mapping, with comments for whoever reads it."""

import json
from collections.abc import Iterator, Mapping, Sequence

from otklik.intake.inference.draft import Draft, TomlValue
from otklik.intake.readers.tabular import FileLayout

MAX_WIDTH = 100


def mapping_text(draft: Draft, layout: FileLayout, code: str, name: str, file_name: str) -> str:
    """The TOML of a mapping; `file_name` is that of the file that it was inferred from."""
    lines = [f"# How rows of files such as {_comment(file_name)} become appeals (docs/import.md)."]
    lines += [f"# Doubtful: {_comment(doubt)}" for doubt in draft.doubts]
    lines += ["", "[source]", f"code = {_value(code)}", f"name = {_value(name)}", ""]
    lines += ["[file]", *_file_lines(draft, layout), "", "[columns]"]
    lines += [f"{field} = {_value(value)}{_note(draft.notes.get(field))}" for field, value in draft.columns.items()]
    lines += ["", "[dates]", f"formats = {_value(draft.date_formats)}"]
    if draft.end_of_day:
        lines.append(f"end_of_day = {_value(draft.end_of_day)}")
    if draft.rating:
        lines += ["", "[rating]", *(f"{name} = {_value(value)}" for name, value in draft.rating.items())]
    lines += ["", "[territories]", *(f"{key} = {_value(text)}" for key, text in draft.territories.items())]
    for row in draft.added_territories:
        lines += ["", "[[territories.add]]", *(f"{key} = {_value(text)}" for key, text in row.items())]
    if draft.added_territories:
        lines += ["", "[organisations]", 'level = "municipal"']
    for field, rule in draft.rules.items():
        lines += ["", f"[[{field}]]"]
        options = {"column": rule.column, "other": rule.other, "default": rule.default}
        lines += [f"{key} = {_value(text)}" for key, text in options.items() if text is not None]
        if rule.words:
            lines += [f"[{field}.words]", *(f"{_text(word)} = {_value(code)}" for word, code in rule.words.items())]
    return "\n".join(lines) + "\n"


def _file_lines(draft: Draft, layout: FileLayout) -> Iterator[str]:
    yield f"delimiter = {_value(layout.delimiter)}"
    yield f"encodings = {_value(layout.encodings)}"
    if layout.sheet_name:
        yield f"sheet = {_value(layout.sheet_name)}"
    if layout.skipped_rows:
        yield f"skip_rows = {layout.skipped_rows}"
    if draft.empty:
        yield f"empty = {_value(draft.empty)}"
    if draft.empty_by_column:
        yield f"empty_by_column = {_value(draft.empty_by_column)}"


def _note(note: str | None) -> str:
    return f"  # {_comment(note)}" if note else ""


def _comment(text: str) -> str:
    """A text on one line, without characters that a comment can't have."""
    return "".join(character if character.isprintable() else " " for character in text)


def _value(value: TomlValue) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return _text(value)
        case Mapping():
            return "{ " + ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items()) + " }"
        case Sequence():
            return "[" + ", ".join(map(_value, value)) + "]"
    return str(value)


def _key(key: str) -> str:
    return key if key.isascii() and key.isidentifier() else _text(key)


def _text(text: str) -> str:
    r"""A basic string; JSON's escapes are TOML's, but for DEL."""
    if "\\" in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
