"""The matrix of systemic problems: topics by territories, and how much worse each cell is than expected."""
