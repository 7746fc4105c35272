"""`otklik poll`: what polls are compared with."""
