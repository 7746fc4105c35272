"""Polls and discussions."""
