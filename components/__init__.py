"""What a person sees: each component draws or asks, and none queries."""
