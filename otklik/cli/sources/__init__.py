"""`otklik source`: the data sources from which appeals come in by themselves."""
