"""Calls of the database's functions, which judge what is asked and carry it out: a module a subject."""
