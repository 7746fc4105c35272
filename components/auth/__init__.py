"""Who is at the screen, and what they may open."""
