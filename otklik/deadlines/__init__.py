"""Statutory deadlines: rules, working days, extensions, and how a deadline came about."""
