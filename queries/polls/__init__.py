"""Queries of the page of polls: those that run, are to come and are over, and what one of them has come to."""
