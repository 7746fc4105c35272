"""Texts of several rooms: escaping, metric values, and states of appeals."""
