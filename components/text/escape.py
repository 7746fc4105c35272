"""Text that people wrote, on its way into Markdown or onto a map: shown as it is, and never obeyed."""

import re
from unicodedata import category

from otklik.i18n import N_, _

# An invisible character that no word breaks at; it parts what Markdown would otherwise make something of.
WORD_JOINER = "\N{WORD JOINER}"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
MAX_ACCENTS = 4  # accents over one letter; more of them would paint over the lines around
MAX_NAME_LENGTH = 300  # letters of a name; what is longer is a text, for `st.text`
TRUNCATED = N_("{text}… ({n} more characters)")

_control_characters = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]"
)
_whitespace = re.compile(r"[\s\u2028\u2029]+")
# What Markdown makes something of in a line, and what begins a list, a heading or a rule.
_markdown_characters = re.compile(r"([\\`*_\[\]<>{}~$&|!#^]|^[-+=])")
_list_number = re.compile(r"^(\d+)([.)])")
# `:smile:`, `:material/…:`, `:red[…]`, `https://`, `mailto:`, `a@b.example`, `www.`, `->` and `--`
_markdown_sequences = re.compile(r"(?<=[:@])|(?<=www)(?=\.)|(?<=[-<>~])(?=[-=>])", re.IGNORECASE)


def escape_markdown(text: object, max_length: int = MAX_NAME_LENGTH) -> str:
    """A text in one line for Markdown (`st.markdown`, labels, captions, `help`): what is read is what was written.

    Nothing in it becomes a link, an image, a formula, a colour or an icon; it can't end the Markdown around it either.
    """
    escaped = _markdown_sequences.sub(WORD_JOINER, truncate(clean_line(text), max_length))
    return _list_number.sub(r"\1\\\2", _markdown_characters.sub(r"\\\1", escaped))


def clean_line(text: object) -> str:
    """The text in one line: control characters and turned directions as replacement signs, accents not in heaps."""
    cleaned = _control_characters.sub(REPLACEMENT, _whitespace.sub(" ", str(text)).strip())
    return cleaned if cleaned.isascii() else limit_accents(cleaned)


def clean_text(text: object, max_length: int = 20_000) -> str:
    """A text in its lines for `st.text` and other places that read no Markdown; a very long one is cut, and says so."""
    with_newlines = str(text).replace("\r\n", "\n").replace("\r", "\n")
    cleaned = truncate(_control_characters.sub(REPLACEMENT, with_newlines), max_length)
    return cleaned if cleaned.isascii() else limit_accents(cleaned)


def limit_accents(text: str) -> str:
    """The text without the accents that stand on a letter beyond the first few."""
    letters: list[str] = []
    accents = 0
    for letter in text:
        accents = accents + 1 if category(letter) in ("Mn", "Me") else 0
        if accents <= MAX_ACCENTS:
            letters.append(letter)
    return "".join(letters)


def truncate(text: str, max_length: int) -> str:
    """The first so many characters, and how many there are besides."""
    if len(text) <= max_length:
        return text
    return _(TRUNCATED).format(text=text[:max_length], n=len(text) - max_length)
