"""Pages opened and looked at, with and without a browser."""
