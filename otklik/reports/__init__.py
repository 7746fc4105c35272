"""Situation reports to take away."""
