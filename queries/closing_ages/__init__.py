"""Appeals by the age at which they were closed: what the share resolved within so many days is made from."""
