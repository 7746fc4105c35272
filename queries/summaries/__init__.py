"""Sums of a period for screens: totals, by day, by dimension, as metric values and league tables."""
