"""How sure results are: coverage of intervals, and how surely and soon surges are found, by simulation and replay."""
