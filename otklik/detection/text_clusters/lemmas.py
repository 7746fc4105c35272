"""The dictionary forms of a text's words that can say what it is about."""

from collections.abc import Iterator
from functools import cache

from otklik.text_analysis.terms import Term, latin_words, terms
from otklik.text_analysis.word_vectors import is_russian_word

CROATIAN_STOP_WORDS = frozenset((
    "ako", "ali", "bez", "bi", "bih", "bila", "bili", "bilo", "bio", "bismo", "biti", "će", "ću", "ćemo", "da",
    "dok", "do", "ga", "gdje", "god", "i", "iako", "ih", "ili", "im", "iz", "ja", "je", "jer", "još", "joj", "ju",
    "kad", "kada", "kako", "kao", "koja", "koje", "koji", "kojima", "koju", "li", "me", "meni", "mi", "mu", "moj",
    "moja", "moje", "na", "nad", "nakon", "nam", "nama", "nas", "naš", "naša", "naše", "ne", "nego", "neka", "neki",
    "nema", "ni", "nije", "nisam", "nismo", "nisu", "ništa", "o", "od", "on", "ona", "oni", "ono", "ova", "ovaj",
    "ove", "ovo", "po", "pod", "prema", "pri", "prije", "s", "sa", "sam", "samo", "se", "si", "smo", "ste", "su",
    "sve", "svi", "svoj", "ta", "taj", "tako", "te", "tek", "ti", "to", "toga", "u", "uz", "va", "vam", "vas",
    "već", "više", "za", "zbog", "što",
))  # fmt: skip
STEM_LETTERS = 5
MAX_CAPITALISED_SHARE = 0.5
"""Where more words have capitals, as in a title, these are no names."""


def text_lemmas(text: str) -> tuple[str, ...]:
    """The lemmas of a text in their order, without function words, and without words that look like names.

    Digits are never part of one. Of words in Latin letters the first five letters, so that Croatian and English endings
    matter little (F. Can and others, 2008, JASIST 59, 407-421).
    """
    return tuple(term.lemmas[0] for term in text_terms(text) if len(term.lemmas) == 1)


def text_terms(text: str) -> Iterator[Term]:
    """The words and pairs of words of a text that are no names, with lemmas as those of `text_lemmas`."""
    stems = {word: "" if word in latin_stop_words() else word for word in latin_words(text)}
    of_text = [
        term._replace(lemmas=tuple(_shortened(lemma) for lemma in term.lemmas))
        for term in terms(text, stems)
        if latin_stop_words().isdisjoint(term.lemmas)
    ]
    words = [term for term in of_text if len(term.lemmas) == 1]
    is_title = sum(term.is_capitalised for term in words) > MAX_CAPITALISED_SHARE * len(words)
    return (term for term in of_text if is_title or not term.is_capitalised)


def _shortened(lemma: str) -> str:
    return lemma if is_russian_word(lemma) else lemma[:STEM_LETTERS]


@cache
def latin_stop_words() -> frozenset[str]:
    """English and Croatian words that say nothing alone."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS  # noqa: PLC0415 -- takes a second to import

    return frozenset(ENGLISH_STOP_WORDS) | CROATIAN_STOP_WORDS
