"""The page of applicants: they follow an appeal, rate its answer, and have it taken up again, without JavaScript."""
