"""The association of a term with low ratings, topic by topic."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.contingency_tables import StratifiedTable

from queries.statistics.stratified_association import mantel_haenszel


def test_the_test_within_topics_is_that_of_an_independent_implementation() -> None:
    tables = {7: (12, 9, 30, 61), 8: (25, 6, 40, 33)}  # bad and good with the term, bad and good without it
    texts = pd.DataFrame(
        [
            {"topic_id": topic, "bad": bad, "with": has_term}
            for topic, counts in tables.items()
            for (bad, has_term), count in zip(
                ((True, True), (False, True), (True, False), (False, False)), counts, strict=True
            )
            for _ in range(count)
        ]
    )
    occurrences = pd.DataFrame({"term": "яма", "text": texts.index[texts["with"]]})
    row = mantel_haenszel(occurrences, texts).loc["яма"]
    independent = StratifiedTable([np.array(counts).reshape(2, 2) for counts in tables.values()])
    assert row["odds_ratio"] == pytest.approx(independent.oddsratio_pooled)
    assert row["p"] == pytest.approx(independent.test_null_odds(correction=True).pvalue)
    assert (row["bad"], row["good"]) == (37, 15)
