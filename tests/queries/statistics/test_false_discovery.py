"""The share of chance among many findings."""

import numpy as np

from queries.statistics.false_discovery import false_discovery_rates


def test_the_example_of_the_paper_on_false_discoveries() -> None:
    """Benjamini and Hochberg (1995), section 3.2: of 15 p-values the first four are found at 5 %."""
    p_values = "0.0001 0.0004 0.0019 0.0095 0.0201 0.0278 0.0298 0.0344 0.0459 0.3240 0.4262 0.5719 0.6528 0.7590 1"
    q_values = false_discovery_rates(np.array(p_values.split(), float))
    assert (q_values <= 0.05).tolist() == [True] * 4 + [False] * 11
