"""Escaping of texts that people wrote, for Markdown and maps: shown as written, never interpreted."""

import re
from unicodedata import category

from otklik.i18n import N_, _

# An invisible character at which no line breaks; between two others it keeps Markdown from interpreting them together.
WORD_JOINER = "\N{WORD JOINER}"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
MAX_ACCENTS = 4  # over one letter; more would cover the lines above
MAX_NAME_LENGTH = 300  # letters of a name; a longer text is for `st.text`
TRUNCATED = N_("{text}… ({n} more characters)")

_control_characters = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]"
)
_whitespace = re.compile(r"[\s\u2028\u2029]+")
# Characters that Markdown interprets within a line, and at its start: lists, headings and rules.
_markdown_characters = re.compile(r"([\\`*_\[\]<>{}~$&|!#^]|^[-+=])")
_list_number = re.compile(r"^(\d+)([.)])")
# `:smile:`, `:material/…:`, `:red[…]`, `https://`, `mailto:`, `a@b.example`, `www.`, `->` and `--`
_markdown_sequences = re.compile(r"(?<=[:@])|(?<=www)(?=\.)|(?<=[-<>~])(?=[-=>])", re.IGNORECASE)


def escape_markdown(text: object, max_length: int = MAX_NAME_LENGTH) -> str:
    """A text in one line for Markdown (`st.markdown`, labels, captions, `help`): it is shown as it was written.

    Nothing in it becomes a link, an image, a formula, a colour or an icon; it can't end the Markdown around it either.
    """
    escaped = _markdown_sequences.sub(WORD_JOINER, truncate(clean_line(text), max_length))
    return _list_number.sub(r"\1\\\2", _markdown_characters.sub(r"\\\1", escaped))


def clean_line(text: object) -> str:
    """The text in one line, with few accents on a letter; control characters and changes of direction are replaced."""
    cleaned = _control_characters.sub(REPLACEMENT, _whitespace.sub(" ", str(text)).strip())
    return cleaned if cleaned.isascii() else limit_accents(cleaned)


def clean_text(text: object, max_length: int = 20_000) -> str:
    """A text with its lines, for `st.text` and other places without Markdown; a very long one is cut with a note."""
    with_newlines = str(text).replace("\r\n", "\n").replace("\r", "\n")
    cleaned = truncate(_control_characters.sub(REPLACEMENT, with_newlines), max_length)
    return cleaned if cleaned.isascii() else limit_accents(cleaned)


def limit_accents(text: str) -> str:
    """The text with at most `MAX_ACCENTS` accents on each letter."""
    letters: list[str] = []
    accents = 0
    for letter in text:
        accents = accents + 1 if category(letter) in ("Mn", "Me") else 0
        if accents <= MAX_ACCENTS:
            letters.append(letter)
    return "".join(letters)


def truncate(text: str, max_length: int) -> str:
    """The text, or its first `max_length` characters with a note how many more there are."""
    if len(text) <= max_length:
        return text
    return _(TRUNCATED).format(text=text[:max_length], n=len(text) - max_length)
