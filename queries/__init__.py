"""What screens ask of the appeals database: named answers, and the only definition of every figure."""
