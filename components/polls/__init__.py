"""The page of polls: those that run, are to come and are over, and one of them with its results."""
