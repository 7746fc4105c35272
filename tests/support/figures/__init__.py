"""What every figure has to be: counted again in plain Python."""
