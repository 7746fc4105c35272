"""Files to numbered rows of cells, in bounded memory."""
