"""Vectors of Russian words: navec's, whose file is part of natasha's wheel."""

import re
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

DIMENSIONS = 300
CYRILLIC = re.compile("[а-яё]")


def natasha_data() -> Path:
    """The folder of the files in natasha's wheel. Importing natasha itself would load a second dictionary."""
    return Path(str(distribution("natasha").locate_file("natasha"))) / "data"


@cache
def word_vectors() -> Any:  # noqa: ANN401 -- navec has no types
    """The vectors of 250,000 words of news, by word in small letters; 50 MB, loaded when first needed."""
    from navec import Navec  # noqa: PLC0415 -- loaded with the first text, not with the process

    return Navec.load(natasha_data() / "emb" / "navec_news_v1_1B_250K_300d_100q.tar")


def is_russian_word(word: str) -> bool:
    """Whether a word in small letters is of Cyrillic ones, so that there may be a vector."""
    return bool(CYRILLIC.search(word))
