"""A simulator that adds and changes appeals of the demo in real time."""
