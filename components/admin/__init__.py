"""Screens for administrators: people, wall screens and the audit."""
