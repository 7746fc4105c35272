"""What appeals refer to, imported by itself: territories, organisations, and the people who sign in."""
