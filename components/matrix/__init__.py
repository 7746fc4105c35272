"""The matrix page: the heat map of topics and territories, and what stands behind one cell."""
