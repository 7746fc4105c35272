"""Notices of appeals close to or past their deadline: who gets them, on screen and by e-mail."""
