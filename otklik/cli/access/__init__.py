"""Commands about who is let in, and about the record of what they did."""
