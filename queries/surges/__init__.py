"""Surges: topics with more appeals from a place than are likely by chance, as the nightly search found them."""
