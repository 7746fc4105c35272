"""The satisfaction page: ratings, and the outcomes of low ones."""
