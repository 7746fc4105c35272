"""How fast the pages of polls are with millions of votes."""
