"""The resolution page: answer times, survival curves, the stage funnel and comparisons."""
