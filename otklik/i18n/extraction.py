"""Extraction of messages for `make messages`, from whatever expression has them.

Babel's own extractor reads tokens, and before Python 3.12 an f-string is a single token: messages inside of one were
missed, and so shown in English in every language.
"""

import ast
from collections.abc import Collection, Iterator, Mapping
from typing import IO

Extracted = tuple[int, str, str | tuple[str | None, ...], list[str]]


def extract_messages(
    file: IO[bytes],
    keywords: Collection[str],
    _comment_tags: Collection[str],
    options: Mapping[str, str],  # noqa: ARG001 -- Babel names it
) -> Iterator[Extracted]:
    """An extraction method of Babel: line, function, message, comments for each call of one of the functions.

    A message is the text of the only argument, or the tuple of all arguments; those that are no text are None.
    """
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in keywords and node.args:
            texts = tuple(_constant_text(argument) for argument in node.args)
            if any(texts):
                yield node.lineno, node.func.id, texts[0] or "" if len(texts) == 1 else texts, []


def _constant_text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
