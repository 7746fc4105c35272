"""A simulator that plays the demo's day on."""
