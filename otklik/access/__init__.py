"""Access: who is at the screen, and which pages they may open. The guard of every page."""
