"""Typesetting a report as PDF from a template and data in JSON, and finding the characters that no font has."""

import json
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import typst
from noto_cjk_sans_jp_regular import FONT_PATH
from pypdf import PdfReader

LAST_COVERED_CHARACTER = "\u052f"
"""Up to here (Latin, Greek and Cyrillic) the typesetter's own fonts have all letters."""
PROBE_TEMPLATE = Path(__file__).with_name("characters.typ")


def typeset_pdf(template: Path, data: object, made_at: datetime) -> bytes:
    """The template as PDF; it finds `data` in `sys.inputs.data`, and pictures in its own folder."""
    compiled = typst.Compiler(
        template,
        root=template.parent,
        font_paths=bundled_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    ).compile(format="pdf", timestamp=made_at.astimezone(UTC).replace(microsecond=0))
    if not isinstance(compiled, bytes):
        raise TypeError(compiled)
    return compiled


@cache
def bundled_fonts() -> typst.Fonts:
    """The typesetter's own fonts and one for Chinese, Japanese and Korean: a report looks alike on every machine."""
    return typst.Fonts(include_system_fonts=False, font_paths=[Path(str(FONT_PATH)).parent])


def find_missing_characters(data: object) -> list[str]:
    """The characters of the data's texts, sorted, that no font has, so that a report shows an empty box for each."""
    rare_characters = sorted(
        {
            character
            for text in _texts(data)
            for character in text
            if character > LAST_COVERED_CHARACTER and unicodedata.category(character)[0] in "LNS"
        }
    )
    if not rare_characters:
        return []
    # Not in the report itself: a box in a chart can read like the character that it stands for.
    probe = PdfReader(BytesIO(typeset_pdf(PROBE_TEMPLATE, rare_characters, datetime.now(UTC))))
    shown_characters = {character for page in probe.pages for character in page.extract_text()}
    return [character for character in rare_characters if character not in shown_characters]


def _texts(data: object) -> Iterator[str]:
    """All strings in nested lists and the values of nested dicts."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _texts(value)
