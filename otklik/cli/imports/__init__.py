"""`otklik import` and `otklik mapping`."""
