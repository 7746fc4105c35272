"""Personal data in texts that applicants wrote: found by rules and a recogniser of names, and left out."""
