"""Texts as vectors of length 1: close to one another where they are about the same."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from otklik.detection.count_model.quasi_poisson import FloatArray
from otklik.text_analysis.word_vectors import DIMENSIONS, is_russian_word, word_vectors

MAX_WORDS = 4000
"""Words of a cell that are told apart, the commonest ones; with 1,500 texts 50 MB."""
MIN_TEXTS = 2
"""Texts with a word; what is in one alone makes no texts similar."""
MEANING_WEIGHT = 0.3
"""The weight of the vectors of words against that of the words themselves."""
Lemmas = Sequence[Sequence[str]]


def text_vectors(lemmas: Lemmas) -> FloatArray:
    """A vector of length 1 per text, or of 0 where no other text has any of its words.

    TF-IDF with the square of the usual weight, so that what all texts begin and end with counts little. Where there
    are Russian words, navec's vectors of them, weighted alike and without what all texts have in common, stand beside:
    so that words of one meaning are close (S. Arora and others, 2017, A simple but tough-to-beat baseline for sentence
    embeddings, ICLR). Tried alone, they found fewer of the planted clusters (docs/analysis.md).
    """
    text_counts = Counter(lemma for text in lemmas for lemma in set(text))
    weights = {lemma: float(np.log(len(lemmas) / count) + 1) ** 2 for lemma, count in text_counts.items()}
    words = _word_vectors(lemmas, text_counts, weights)
    if not any(is_russian_word(lemma) for lemma in text_counts):
        return words
    return unit_rows(np.hstack([words, MEANING_WEIGHT * _meaning_vectors(lemmas, weights)]))


def unit_rows(rows: FloatArray) -> FloatArray:
    """The rows with length 1; one of length 0 stays."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: FloatArray = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return scaled


def _word_vectors(lemmas: Lemmas, text_counts: Counter[str], weights: dict[str, float]) -> FloatArray:
    shared = sorted((lemma for lemma, count in text_counts.items() if count >= MIN_TEXTS))
    shared.sort(key=lambda lemma: -text_counts[lemma])
    column = {lemma: position for position, lemma in enumerate(shared[:MAX_WORDS])}
    rows = np.zeros((len(lemmas), len(column)))
    for row, text in enumerate(lemmas):
        for lemma in set(text) & column.keys():
            rows[row, column[lemma]] = weights[lemma]
    return unit_rows(rows)


def _meaning_vectors(lemmas: Lemmas, weights: dict[str, float]) -> FloatArray:
    vectors = word_vectors()
    weighted = {
        lemma: unit_rows(vectors[lemma][None])[0] * weight for lemma, weight in weights.items() if lemma in vectors
    }
    sums = np.zeros((len(lemmas), DIMENSIONS))
    for row, text in enumerate(lemmas):
        for lemma in sorted(set(text) & weighted.keys()):
            sums[row] += weighted[lemma]
    sums = unit_rows(sums)
    return unit_rows(np.where(np.linalg.norm(sums, axis=1, keepdims=True) > 0, sums - sums.mean(axis=0), 0))
