"""What the columns of a file are like, and which field each holds."""
