"""The kinds of data sources: what each needs, how it is tested and read."""
