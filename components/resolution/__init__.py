"""The resolution page: survival curves, stage funnel, comparisons."""
