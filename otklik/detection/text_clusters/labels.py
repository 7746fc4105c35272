"""What the texts of a cluster are about, in two or three terms that set them apart."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from otklik.detection.text_clusters.lemmas import text_terms
from otklik.masking.mask_text import mask_text
from otklik.text_analysis.terms import NEGATIONS, Term, is_noun
from otklik.text_analysis.word_vectors import is_russian_word

MAX_TERMS = 3
MIN_SHARE = 0.3
"""Of the texts of a cluster that have a term."""
MAX_MASKED_TEXTS = 40
"""Of a cluster that are read for its label: a text takes some milliseconds to mask."""
MIN_RELATIVE_SCORE = 0.4
"""Against the first term's."""


def cluster_label(members: Sequence[str], others: Iterable[str]) -> tuple[str, ...]:
    """One to three terms, the most telling first, without any personal data.

    Pairs of words as they are mostly written, Russian nouns by their dictionary forms. Class TF-IDF (M. Grootendorst,
    2022, arXiv:2203.05794) against the other texts of the cell. Empty where the texts share no word.
    """
    masked = [masked_text(text) for text in members[:MAX_MASKED_TEXTS]]
    forms: dict[str, Counter[str]] = {}
    in_cluster: Counter[str] = Counter()
    for text in masked:
        for lemmas, term in _terms_of(text).items():
            in_cluster[lemmas] += 1
            forms.setdefault(lemmas, Counter())[term.words] += 1
    elsewhere = Counter(lemmas for text in others for lemmas in _terms_of(text) if lemmas in in_cluster)
    mean_size = (in_cluster.total() + elsewhere.total()) / 2
    scores = {
        lemmas: count / len(masked) * np.log1p(mean_size / (count + elsewhere[lemmas]))
        for lemmas, count in in_cluster.items()
        if count >= max(2, MIN_SHARE * len(masked))
    }
    return tuple(
        lemmas if _is_single_noun(lemmas) else forms[lemmas].most_common(1)[0][0]
        for lemmas in _without_repetitions(scores)
    )


def masked_text(text: str) -> str:
    """The text without personal data, of which a comma is left."""
    return "".join(part.words or ", " for part in mask_text(text))


def _is_single_noun(lemmas: str) -> bool:
    # Of a pair the dictionary judges the last letters.
    return " " not in lemmas and is_noun(lemmas)


def _terms_of(text: str) -> dict[str, Term]:
    """The terms of a text by their lemmas; of Russian ones those with a noun, since others say little alone."""
    return {
        " ".join(term.lemmas): term
        for term in text_terms(text)
        if term.lemmas[0] not in NEGATIONS
        and any(is_noun(lemma) or not is_russian_word(lemma) for lemma in term.lemmas)
    }


def _without_repetitions(scores: dict[str, float]) -> list[str]:
    """The best terms, none of which shares a word with a better one."""
    chosen: list[str] = []
    pair_bonus = {lemmas: score * (1.25 if " " in lemmas else 1) for lemmas, score in scores.items()}
    ranking = sorted(pair_bonus, key=lambda lemmas: (-pair_bonus[lemmas], lemmas))
    for lemmas in ranking:
        words = set(lemmas.split(" "))
        is_telling = pair_bonus[lemmas] >= MIN_RELATIVE_SCORE * pair_bonus[ranking[0]]
        if is_telling and all(words.isdisjoint(other.split(" ")) for other in chosen):
            chosen.append(lemmas)
    return chosen[:MAX_TERMS]
