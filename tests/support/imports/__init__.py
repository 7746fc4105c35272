"""Files, databases and servers that imports read, good and damaged."""
