"""Statutory deadlines: rules, working days, extensions, and step-by-step explanations."""
