"""Key figures as tiles."""
