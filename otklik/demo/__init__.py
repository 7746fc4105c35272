"""Demo data: made-up appeals of thirteen months, with the shape of a country's feedback platform."""
