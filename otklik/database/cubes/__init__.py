"""The cubes: their tables, the measures that they hold, folding, verifying and compacting them."""
