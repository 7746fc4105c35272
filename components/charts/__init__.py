"""Charts that several pages use, their theme and their texts."""
