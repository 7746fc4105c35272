"""Early detection: which counts of a place and topic are surely above what their own past leads to expect."""
