"""Appeals and what is found among them."""
