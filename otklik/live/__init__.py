"""The live channel: telling browsers that what they show has changed."""
