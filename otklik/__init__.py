"""Otklik without its screens: database, deadlines, actions, imports, reports and the command line."""
