"""What the queries of all pages are built from: filters as ids, cubes, sums, local days, lists of appeals."""
