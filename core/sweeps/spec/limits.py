"""How large a sweep may be: what its fields are checked against, and what a mistake in them is told by."""

LONGEST = 200  # characters of a value
LONGEST_NAME = 61
MOST_SYSTEMS, MOST_SEEDS, MOST_SETTINGS = 50, 100, 50
LARGEST_SEED = 2**31 - 1
MOST_TRIALS = 10_000
