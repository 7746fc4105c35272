"""What the queries of all pages are built from: filters as ids, the cube that can answer, facts, local days."""
