"""Who is told of an appeal close to or past its deadline, on screen and by e-mail."""
