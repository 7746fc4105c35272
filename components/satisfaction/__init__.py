"""The satisfaction page: ratings and what became of low ones."""
