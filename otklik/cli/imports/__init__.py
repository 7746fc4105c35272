"""What comes from files: appeals and their mappings, territories, organisations; and what was imported."""
