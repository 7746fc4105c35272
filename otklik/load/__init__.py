"""Load: many viewers of a running Otklik at once, without browsers, and what they measure."""
