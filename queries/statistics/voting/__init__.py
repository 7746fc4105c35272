"""Statistics of polls: which figures are shown, whom the voters stand for, and which votes are suspicious."""
