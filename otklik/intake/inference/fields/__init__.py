"""The fields of a mapping that take more than a column: dates, points, codes, the region, and what is asked."""
