"""Where the checkout and the example data are."""

from pathlib import Path

PROJECT = Path(__file__).parents[2]
BOSTON = PROJECT / "tests" / "data" / "boston_311_2011.csv.gz"
