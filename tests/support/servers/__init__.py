"""Databases, Otklik itself and other servers, started for tests."""
