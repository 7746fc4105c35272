"""The catalogue of metrics: each defined once."""
