"""Where the checkout and the example data are."""

from pathlib import Path

PROJECT_ROOT = Path(__file__).parents[2]
BOSTON_CSV = PROJECT_ROOT / "tests" / "data" / "boston_311_2011.csv.gz"
