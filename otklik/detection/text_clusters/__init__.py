"""Appeals that are new, say much the same, and are surely more than others of their kind before."""
