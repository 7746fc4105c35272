"""The boundaries that come with Otklik, and reading them with those of the data folder."""
