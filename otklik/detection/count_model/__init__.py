"""The model of a series of counts (Farrington Flexible), and how improbable a count is by it."""
