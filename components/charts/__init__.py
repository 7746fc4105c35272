"""Charts that several pages use, with their theme, interaction and alt texts."""
