"""The command line: a module for each command, or for a few of one subject."""
