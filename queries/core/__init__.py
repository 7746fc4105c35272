"""What all pages' queries are built from: filters as ids, cubes, sums, day ranges."""
