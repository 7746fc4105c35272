"""The page of topical services: all of them, or one with its places and what is unresolved."""
