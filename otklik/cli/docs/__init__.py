"""Commands that print pages of docs/."""
