"""Mappings: what a TOML file says about the rows, words, dates and territories of a source."""
