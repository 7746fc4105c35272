"""Importing appeals from files of other systems."""
