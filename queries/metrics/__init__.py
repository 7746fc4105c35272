"""The metrics: each defined once, with its numerator, denominator, unit and good direction."""
