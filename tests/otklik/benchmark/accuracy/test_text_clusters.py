"""The simulation finds what it plants, and says of clean texts how many clusters are false."""

import numpy as np
import pytest
from click.testing import CliRunner

from otklik.benchmark.accuracy import text_clusters
from otklik.cli.main import otklik


def test_a_planted_kind_is_found_among_usual_texts() -> None:
    finding = text_clusters.first_finding(np.random.default_rng(1), 40, 20)
    assert finding
    assert finding.day <= 7
    assert finding.purity > 0.8
    assert finding.completeness > 0.6


def test_the_tables_have_a_row_for_each_size_and_one_for_clean_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("TRAFFICS", (20,)), ("SIZES", (10,)), ("CLEAN_CELLS", 1), ("WEEK_DAYS", 1), ("LAST_DAY", 6)):
        monkeypatch.setattr(text_clusters, name, value)
    result = CliRunner().invoke(otklik, ["bench", "text-clusters", "--replicates", "1"])
    assert result.exit_code == 0, result.output
    first, second = result.stdout.strip().split("\n\n")
    assert [row.split("|")[2].strip() for row in first.splitlines()] == ["planted in 7 days", "---:", "10"]
    assert len(second.splitlines()) == 3
